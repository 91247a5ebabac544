-- AlterTable
ALTER TABLE "outbox" ADD COLUMN     "client" TEXT;

-- CreateTable
CREATE TABLE "mail_shares" (
    "key" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3)[],
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mail_shares_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "gathered_notices" (
    "user_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "times" INTEGER NOT NULL DEFAULT 1,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "gathered_notices_pkey" PRIMARY KEY ("user_id","address","name")
);

-- CreateIndex
CREATE INDEX "mail_shares_last_at_idx" ON "mail_shares"("last_at");

-- CreateIndex
CREATE INDEX "outbox_client_idx" ON "outbox"("client");

-- AddForeignKey
ALTER TABLE "gathered_notices" ADD CONSTRAINT "gathered_notices_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
