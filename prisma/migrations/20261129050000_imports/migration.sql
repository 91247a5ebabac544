-- AlterTable
ALTER TABLE "recovery_codes" ADD COLUMN     "sealed_key" TEXT;

-- CreateTable
CREATE TABLE "import_runs" (
    "id" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "checkpoint" TEXT NOT NULL DEFAULT '',
    "on_conflict" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "undone_at" TIMESTAMPTZ(3),
    "kept" BIGINT,
    "position" BIGINT NOT NULL DEFAULT 0,
    "created" BIGINT NOT NULL DEFAULT 0,
    "merged" BIGINT NOT NULL DEFAULT 0,
    "unchanged" BIGINT NOT NULL DEFAULT 0,
    "skipped" BIGINT NOT NULL DEFAULT 0,
    "rejected" BIGINT NOT NULL DEFAULT 0,
    "notes" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "import_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_records" (
    "run_id" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL,
    "user_id" TEXT,
    "digest" TEXT NOT NULL,
    "reason" TEXT,
    "notes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "state" TEXT,
    "sessions" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "filled" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_records_pkey" PRIMARY KEY ("run_id","number")
);

-- CreateTable
CREATE UNLOGGED TABLE "import_dry_run_rows" (
    "run_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "person" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "import_dry_run_rows_pkey" PRIMARY KEY ("run_id","kind","value")
);

-- CreateTable
CREATE TABLE "expected_hashes" (
    "kind" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "work" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "expected_hashes_pkey" PRIMARY KEY ("kind")
);

-- CreateIndex
CREATE INDEX "import_runs_fingerprint_started_at_idx" ON "import_runs"("fingerprint", "started_at");

-- CreateIndex
CREATE INDEX "import_records_user_id_idx" ON "import_records"("user_id");

-- CreateIndex
CREATE INDEX "import_records_digest_idx" ON "import_records"("digest");

-- CreateIndex
CREATE INDEX "import_dry_run_rows_created_at_idx" ON "import_dry_run_rows"("created_at");

-- AddForeignKey
ALTER TABLE "import_records" ADD CONSTRAINT "import_records_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "import_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
