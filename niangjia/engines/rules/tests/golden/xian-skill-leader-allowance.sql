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
    (CAST(b.as_of - (CASE WHEN b."p_skill_leader_from" >= 2 THEN b."f_skill_leader_from" END) AS BIGINT) >= CAST(0 AS BIGINT)) AS "c_begun",
    (CAST(b.as_of - (b."f_skill_leader_from") AS BIGINT) >= CAST(0 AS BIGINT)) AS "s_begun",
    CAST(NULL AS BOOLEAN) AS "m_begun",
    (CAST(b.as_of - (CASE WHEN b."p_skill_leader_until" >= 2 THEN b."f_skill_leader_until" END) AS BIGINT) <= CAST(0 AS BIGINT)) AS "c_not_ended",
    (CAST(b.as_of - (b."f_skill_leader_until") AS BIGINT) <= CAST(0 AS BIGINT)) AS "s_not_ended",
    CAST(NULL AS BOOLEAN) AS "m_not_ended",
    CAST(20000 AS BIGINT) AS "a_allowance"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_begun" IS FALSE AS INTEGER) + CAST("c_not_ended" IS FALSE AS INTEGER) AS n_no,
    CAST("c_begun" IS NULL AS INTEGER) + CAST("c_not_ended" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_begun" IS TRUE AS INTEGER) + CAST("s_not_ended" IS TRUE AS INTEGER) AS n_stated,
    ("c_begun" IS FALSE AND "m_begun" IS TRUE) OR ("c_not_ended" IS FALSE AND "m_not_ended" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 2 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_allowance" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_begun",
  "c_not_ended",
  "s_begun",
  "s_not_ended",
  "m_begun",
  "m_not_ended",
  "a_allowance"
FROM counted
ORDER BY subject_id
