# The server as an image: docs/deploy.md says how it is built and run. Its steps are carried out by `npm run test:image`.
# Node.js 22 and 24 are tested. For builds that can be repeated, give the digest too: --build-arg NODE=24-bookworm-slim@sha256:…
ARG NODE=24-bookworm-slim

FROM node:${NODE} AS build
WORKDIR /srv/vestibule
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY prisma.config.ts tsconfig.json ./
COPY prisma prisma
COPY src src
RUN npm run build
# What becomes /data: Docker gives a new volume the owner and the mode of the directory in the image.
RUN mkdir empty

FROM node:${NODE} AS packages
WORKDIR /srv/vestibule
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:${NODE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /srv/vestibule
COPY LICENSE package.json ./
COPY prisma/migrations prisma/migrations
COPY --from=packages /srv/vestibule/node_modules node_modules
COPY --from=build /srv/vestibule/dist dist
COPY --from=build --chown=1000:1000 --chmod=700 /srv/vestibule/empty /data
VOLUME /data
# The user `node` of the base image, by number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 4000
STOPSIGNAL SIGTERM
# /healthz answers while the process runs, also while it starts or its database is away: neither is a reason to replace it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
