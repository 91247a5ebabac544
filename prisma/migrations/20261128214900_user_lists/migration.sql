-- Searches compare parts of texts, for which indexes of trigrams are. pg_trgm comes with PostgreSQL and is trusted (since version 13): the owner of the
-- database may create it, and nothing happens where it is already.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "identifier_keys" TEXT NOT NULL DEFAULT '';

-- The identifiers that accounts use, as src/domain/accounts/identifiers.ts joins them. Each change of a username or an address writes them anew.
UPDATE users SET identifier_keys = joined.keys
FROM (SELECT user_id, string_agg(value, '  ') AS keys FROM identifiers WHERE reserved_until IS NULL GROUP BY user_id) AS joined
WHERE id = user_id;

-- DropIndex
DROP INDEX "users_is_admin_idx";

-- CreateIndex: the classes of operators are wherever the extension is, which need not be in the search_path.
DO $$ BEGIN
    EXECUTE format('CREATE INDEX "users_search_idx" ON "users" USING GIN ("name_key" %1$s, "identifier_keys" %1$s)',
        (SELECT opcnamespace::regnamespace || '.gin_trgm_ops' FROM pg_opclass WHERE opcname = 'gin_trgm_ops'));
END $$;

-- CreateIndex
CREATE INDEX "users_created_at_seq_idx" ON "users"("created_at", "seq");

-- CreateIndex
CREATE INDEX "users_admins_idx" ON "users"("seq") WHERE (is_admin);

-- CreateIndex
CREATE INDEX "users_disabled_idx" ON "users"("seq") WHERE (login_disabled);

-- CreateIndex
CREATE INDEX "users_two_factor_idx" ON "users"("seq") WHERE (two_factor_secret IS NOT NULL);

-- CreateIndex
CREATE INDEX "users_unverified_idx" ON "users"("seq") WHERE (email_verified_at IS NULL);

-- CreateIndex
CREATE INDEX "users_verified_idx" ON "users"("seq") WHERE (email_verified_at IS NOT NULL);
