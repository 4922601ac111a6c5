WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE LEAST(GREATEST(d.as_of, DATE '2022-01-01'), DATE '2022-12-31') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    CASE WHEN b."p_epidemic_job_loss" >= 2 THEN b."f_epidemic_job_loss" END AS "c_lost_work",
    b."f_epidemic_job_loss" AS "s_lost_work",
    CAST(NULL AS BOOLEAN) AS "m_lost_work",
    (b."f_in_work" = FALSE) AS "c_out_of_work",
    (b."f_in_work" = FALSE) AS "s_out_of_work",
    CAST(NULL AS BOOLEAN) AS "m_out_of_work",
    (b."f_household__hardship_in_file" OR b."f_household__migrant_household") AS "c_target",
    (b."f_household__hardship_in_file" OR b."f_household__migrant_household") AS "s_target",
    CAST(NULL AS BOOLEAN) AS "m_target",
    (CASE WHEN b."p_bureau_pays_training" >= 5 THEN b."f_bureau_pays_training" END = FALSE) AS "c_not_paid_twice",
    (b."f_bureau_pays_training" = FALSE) AS "s_not_paid_twice",
    CAST(NULL AS BOOLEAN) AS "m_not_paid_twice",
    CAST(120000 AS BIGINT) AS "a_cost"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_lost_work" IS FALSE AS INTEGER) + CAST("c_out_of_work" IS FALSE AS INTEGER) + CAST("c_target" IS FALSE AS INTEGER) + CAST("c_not_paid_twice" IS FALSE AS INTEGER) AS n_no,
    CAST("c_lost_work" IS NULL AS INTEGER) + CAST("c_out_of_work" IS NULL AS INTEGER) + CAST("c_target" IS NULL AS INTEGER) + CAST("c_not_paid_twice" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_lost_work" IS TRUE AS INTEGER) + CAST("s_out_of_work" IS TRUE AS INTEGER) + CAST("s_target" IS TRUE AS INTEGER) + CAST("s_not_paid_twice" IS TRUE AS INTEGER) AS n_stated,
    ("c_lost_work" IS FALSE AND "m_lost_work" IS TRUE) OR ("c_out_of_work" IS FALSE AND "m_out_of_work" IS TRUE) OR ("c_target" IS FALSE AND "m_target" IS TRUE) OR ("c_not_paid_twice" IS FALSE AND "m_not_paid_twice" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 4 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_cost" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_lost_work",
  "c_out_of_work",
  "c_target",
  "c_not_paid_twice",
  "s_lost_work",
  "s_out_of_work",
  "s_target",
  "s_not_paid_twice",
  "m_lost_work",
  "m_out_of_work",
  "m_target",
  "m_not_paid_twice",
  "a_cost"
FROM counted
ORDER BY subject_id
