-- Identifiers are compared without full width, without variants of small letters and with single spaces. Each account also gets its values in that
-- form, the older account first where two have it; what stands there already stays, and is looked for as well.
INSERT INTO identifiers (value, user_id)
SELECT DISTINCT ON (key) key, user_id FROM (
  SELECT normalize(trim(regexp_replace(translate(value,
      (SELECT string_agg(chr(code), '' ORDER BY code) FROM generate_series(65281, 65374) AS code) || U&'\3000\03C2\017F\0131\00B5',
      (SELECT string_agg(chr(code - 65248), '' ORDER BY code) FROM generate_series(65281, 65374) AS code) || U&' \03C3si\03BC'), ' {2,}', ' ', 'g')), NFC) AS key,
    user_id, seq
  FROM identifiers JOIN users ON users.id = user_id
  WHERE value ~ U&'[\3000\FF01-\FF5E\03C2\017F\0131\00B5]|  ') AS older
WHERE key <> ''
ORDER BY key, seq
ON CONFLICT DO NOTHING;
