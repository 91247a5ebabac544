-- AlterTable
ALTER TABLE "users" ADD COLUMN     "name_key" TEXT NOT NULL DEFAULT '';

-- As src/domain/names.ts writes it, as far as SQL can: letters of ASCII first and by no language, so that a Turkish database has no say
-- in them, then the others. Each change of a name writes it anew.
UPDATE "users" SET "name_key" = lower(lower(normalize(btrim("name"), NFC) COLLATE "C"));
