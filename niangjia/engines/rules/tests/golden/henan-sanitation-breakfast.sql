WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2018-09-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    CASE WHEN b."p_sanitation_roster_listed" >= 3 THEN b."f_sanitation_roster_listed" END AS "c_sanitation",
    b."f_sanitation_roster_listed" AS "s_sanitation",
    CAST(NULL AS BOOLEAN) AS "m_sanitation",
    b."f_in_work" AS "c_in_work",
    b."f_in_work" AS "s_in_work",
    CAST(NULL AS BOOLEAN) AS "m_in_work",
    CASE WHEN CAST(CAST(COALESCE(b."f_sanitation_shift_days", b."l_sanitation_shift_days") AS HUGEINT) * CAST(500 AS BIGINT) AS BIGINT) = CAST(CAST(COALESCE(b."f_sanitation_shift_days", b."h_sanitation_shift_days") AS HUGEINT) * CAST(500 AS BIGINT) AS BIGINT) THEN CAST(CAST(COALESCE(b."f_sanitation_shift_days", b."l_sanitation_shift_days") AS HUGEINT) * CAST(500 AS BIGINT) AS BIGINT) END AS "a_month_at_most"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_sanitation" IS FALSE AS INTEGER) + CAST("c_in_work" IS FALSE AS INTEGER) AS n_no,
    CAST("c_sanitation" IS NULL AS INTEGER) + CAST("c_in_work" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_sanitation" IS TRUE AS INTEGER) + CAST("s_in_work" IS TRUE AS INTEGER) AS n_stated,
    ("c_sanitation" IS FALSE AND "m_sanitation" IS TRUE) OR ("c_in_work" IS FALSE AND "m_in_work" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 2 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_month_at_most" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_sanitation",
  "c_in_work",
  "s_sanitation",
  "s_in_work",
  "m_sanitation",
  "m_in_work",
  "a_month_at_most"
FROM counted
ORDER BY subject_id
