-- AlterTable
ALTER TABLE "identifiers" ADD COLUMN     "reserved_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "origin" TEXT;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "held_email" TEXT,
ADD COLUMN     "held_until" TIMESTAMPTZ(3),
ADD COLUMN     "held_verified_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "account_undos" (
    "hash" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT NOT NULL,
    "verified_at" TIMESTAMPTZ(3) NOT NULL,
    "two_factor_secret" TEXT,
    "two_factor_last_step" INTEGER,
    "recovery_codes" JSONB NOT NULL,

    CONSTRAINT "account_undos_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_undos_seq_key" ON "account_undos"("seq");

-- CreateIndex
CREATE INDEX "account_undos_user_id_seq_idx" ON "account_undos"("user_id", "seq");

-- CreateIndex
CREATE INDEX "account_undos_expires_at_idx" ON "account_undos"("expires_at");

-- CreateIndex
CREATE INDEX "identifiers_reserved_until_idx" ON "identifiers"("reserved_until");

-- AddForeignKey
ALTER TABLE "account_undos" ADD CONSTRAINT "account_undos_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
