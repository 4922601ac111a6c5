WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2020-01-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    b."f_hardship_in_file" AS "c_in_file",
    b."f_hardship_in_file" AS "s_in_file",
    CAST(NULL AS BOOLEAN) AS "m_in_file",
    CASE WHEN COALESCE(b."f_children_at_school", b."l_children_at_school") > CAST(0 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_children_at_school", b."h_children_at_school") <= CAST(0 AS BIGINT) THEN FALSE END AS "c_at_school",
    CASE WHEN COALESCE(b."f_children_at_school", b."l_children_at_school") > CAST(0 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_children_at_school", b."h_children_at_school") <= CAST(0 AS BIGINT) THEN FALSE END AS "s_at_school",
    CAST(NULL AS BOOLEAN) AS "m_at_school",
    CASE WHEN CAST(CAST(COALESCE(b."f_children_at_school", b."l_children_at_school") AS HUGEINT) * CAST(150000 AS BIGINT) AS BIGINT) = CAST(CAST(COALESCE(b."f_children_at_school", b."h_children_at_school") AS HUGEINT) * CAST(150000 AS BIGINT) AS BIGINT) THEN CAST(CAST(COALESCE(b."f_children_at_school", b."l_children_at_school") AS HUGEINT) * CAST(150000 AS BIGINT) AS BIGINT) END AS "a_aid"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_in_file" IS FALSE AS INTEGER) + CAST("c_at_school" IS FALSE AS INTEGER) AS n_no,
    CAST("c_in_file" IS NULL AS INTEGER) + CAST("c_at_school" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_in_file" IS TRUE AS INTEGER) + CAST("s_at_school" IS TRUE AS INTEGER) AS n_stated,
    ("c_in_file" IS FALSE AND "m_in_file" IS TRUE) OR ("c_at_school" IS FALSE AND "m_at_school" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 2 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_aid" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_in_file",
  "c_at_school",
  "s_in_file",
  "s_at_school",
  "m_in_file",
  "m_at_school",
  "a_aid"
FROM counted
ORDER BY subject_id
