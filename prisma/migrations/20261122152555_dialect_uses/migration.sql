-- CreateTable
CREATE TABLE "dialect_uses" (
    "day" DATE NOT NULL,
    "dialect" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "client" TEXT NOT NULL,
    "token_surface" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "failures" BIGINT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dialect_uses_pkey" PRIMARY KEY ("day","dialect","route","client","token_surface")
);
