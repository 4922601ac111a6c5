WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2020-06-10') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    CASE WHEN b."p_employment_aid_listed" >= 4 THEN b."f_employment_aid_listed" END AS "c_listed",
    b."f_employment_aid_listed" AS "s_listed",
    CAST(NULL AS BOOLEAN) AS "m_listed",
    (b."f_in_work" = FALSE) AS "c_out_of_work",
    (b."f_in_work" = FALSE) AS "s_out_of_work",
    CAST(NULL AS BOOLEAN) AS "m_out_of_work"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_listed" IS FALSE AS INTEGER) + CAST("c_out_of_work" IS FALSE AS INTEGER) AS n_no,
    CAST("c_listed" IS NULL AS INTEGER) + CAST("c_out_of_work" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_listed" IS TRUE AS INTEGER) + CAST("s_out_of_work" IS TRUE AS INTEGER) AS n_stated,
    ("c_listed" IS FALSE AND "m_listed" IS TRUE) OR ("c_out_of_work" IS FALSE AND "m_out_of_work" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 2 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CAST(NULL AS BIGINT) AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_listed",
  "c_out_of_work",
  "s_listed",
  "s_out_of_work",
  "m_listed",
  "m_out_of_work"
FROM counted
ORDER BY subject_id
