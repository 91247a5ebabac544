-- Counters of attempts live for minutes. Without the write-ahead log, counting an attempt does not wait for the disk; a crash of the
-- database server empties them, and counting begins anew.
ALTER TABLE "rate_limits" SET UNLOGGED;
