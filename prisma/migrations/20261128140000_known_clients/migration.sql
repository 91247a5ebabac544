-- AlterTable
ALTER TABLE "known_devices" DROP COLUMN "failures";

-- CreateTable
CREATE TABLE "known_clients" (
    "user_id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "client" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "next_look_at" TIMESTAMPTZ(3),

    CONSTRAINT "known_clients_pkey" PRIMARY KEY ("user_id","fingerprint","client")
);

-- CreateIndex
CREATE INDEX "known_clients_last_seen_at_idx" ON "known_clients"("last_seen_at");

-- AddForeignKey
ALTER TABLE "known_clients" ADD CONSTRAINT "known_clients_user_id_fingerprint_fkey" FOREIGN KEY ("user_id", "fingerprint") REFERENCES "known_devices"("user_id", "fingerprint") ON DELETE CASCADE ON UPDATE CASCADE;
