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
    b."f_hardship_in_file" AS "c_in_file",
    b."f_hardship_in_file" AS "s_in_file",
    CAST(NULL AS BOOLEAN) AS "m_in_file",
    CASE WHEN CASE WHEN b."p_relief_need" >= 4 THEN COALESCE(b."f_relief_need", b."l_relief_need") END > CAST(0 AS BIGINT) THEN TRUE WHEN CASE WHEN b."p_relief_need" >= 4 THEN COALESCE(b."f_relief_need", b."h_relief_need") END <= CAST(0 AS BIGINT) THEN FALSE END AS "c_need",
    CASE WHEN COALESCE(b."f_relief_need", b."l_relief_need") > CAST(0 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_relief_need", b."h_relief_need") <= CAST(0 AS BIGINT) THEN FALSE END AS "s_need",
    CAST(NULL AS BOOLEAN) AS "m_need",
    CASE WHEN CASE WHEN (CAST(300001 AS BIGINT)) IS NULL OR (COALESCE(b."f_relief_need", b."l_relief_need")) IS NULL THEN NULL ELSE LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."l_relief_need")) END = LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."h_relief_need")) THEN CASE WHEN (CAST(300001 AS BIGINT)) IS NULL OR (COALESCE(b."f_relief_need", b."l_relief_need")) IS NULL THEN NULL ELSE LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."l_relief_need")) END END AS "a_relief",
    CASE WHEN CAST(((CAST(CASE WHEN (CAST(300001 AS BIGINT)) IS NULL OR (COALESCE(b."f_relief_need", b."l_relief_need")) IS NULL THEN NULL ELSE LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."l_relief_need")) END AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(CASE WHEN (CAST(300001 AS BIGINT)) IS NULL OR (COALESCE(b."f_relief_need", b."l_relief_need")) IS NULL THEN NULL ELSE LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."l_relief_need")) END AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) = CAST(((CAST(LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."h_relief_need")) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."h_relief_need")) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) THEN CAST(((CAST(CASE WHEN (CAST(300001 AS BIGINT)) IS NULL OR (COALESCE(b."f_relief_need", b."l_relief_need")) IS NULL THEN NULL ELSE LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."l_relief_need")) END AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(CASE WHEN (CAST(300001 AS BIGINT)) IS NULL OR (COALESCE(b."f_relief_need", b."l_relief_need")) IS NULL THEN NULL ELSE LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."l_relief_need")) END AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) END AS "a_city_part",
    CASE WHEN CAST(CAST(CASE WHEN (CAST(300001 AS BIGINT)) IS NULL OR (COALESCE(b."f_relief_need", b."l_relief_need")) IS NULL THEN NULL ELSE LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."l_relief_need")) END AS HUGEINT) - CAST(((CAST(LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."h_relief_need")) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."h_relief_need")) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT) = CAST(CAST(LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."h_relief_need")) AS HUGEINT) - CAST(((CAST(CASE WHEN (CAST(300001 AS BIGINT)) IS NULL OR (COALESCE(b."f_relief_need", b."l_relief_need")) IS NULL THEN NULL ELSE LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."l_relief_need")) END AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(CASE WHEN (CAST(300001 AS BIGINT)) IS NULL OR (COALESCE(b."f_relief_need", b."l_relief_need")) IS NULL THEN NULL ELSE LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."l_relief_need")) END AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT) THEN CAST(CAST(CASE WHEN (CAST(300001 AS BIGINT)) IS NULL OR (COALESCE(b."f_relief_need", b."l_relief_need")) IS NULL THEN NULL ELSE LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."l_relief_need")) END AS HUGEINT) - CAST(((CAST(LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."h_relief_need")) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(LEAST(CAST(300001 AS BIGINT), COALESCE(b."f_relief_need", b."h_relief_need")) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT) END AS "a_local_part"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_in_file" IS FALSE AS INTEGER) + CAST("c_need" IS FALSE AS INTEGER) AS n_no,
    CAST("c_in_file" IS NULL AS INTEGER) + CAST("c_need" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_in_file" IS TRUE AS INTEGER) + CAST("s_need" IS TRUE AS INTEGER) AS n_stated,
    ("c_in_file" IS FALSE AND "m_in_file" IS TRUE) OR ("c_need" IS FALSE AND "m_need" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 2 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_relief" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_in_file",
  "c_need",
  "s_in_file",
  "s_need",
  "m_in_file",
  "m_need",
  "a_relief",
  "a_city_part",
  "a_local_part"
FROM counted
ORDER BY subject_id
