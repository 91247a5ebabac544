-- AlterTable
ALTER TABLE "known_devices" ADD COLUMN     "failures" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "password_failures" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "typed_failures" (
    "typed" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "typed_failures_pkey" PRIMARY KEY ("typed")
);

-- CreateIndex
CREATE INDEX "typed_failures_expires_at_idx" ON "typed_failures"("expires_at");
