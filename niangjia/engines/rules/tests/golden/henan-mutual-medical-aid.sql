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
    (b."f_hospital_admitted_on" >= CASE WHEN ((b."f_mutual_plan_joined_on") + CAST(CAST(30 AS BIGINT) AS INTEGER)) IS NULL THEN NULL WHEN ((b."f_mutual_plan_joined_on") + CAST(CAST(30 AS BIGINT) AS INTEGER)) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN ((b."f_mutual_plan_joined_on") + CAST(CAST(30 AS BIGINT) AS INTEGER)) ELSE error('date out of range') END) AS "c_after_waiting",
    (b."f_hospital_admitted_on" >= CASE WHEN ((b."f_mutual_plan_joined_on") + CAST(CAST(30 AS BIGINT) AS INTEGER)) IS NULL THEN NULL WHEN ((b."f_mutual_plan_joined_on") + CAST(CAST(30 AS BIGINT) AS INTEGER)) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN ((b."f_mutual_plan_joined_on") + CAST(CAST(30 AS BIGINT) AS INTEGER)) ELSE error('date out of range') END) AS "s_after_waiting",
    CAST(NULL AS BOOLEAN) AS "m_after_waiting",
    (b."f_hospital_admitted_on" < CASE WHEN (CAST((b."f_mutual_plan_joined_on") + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) IS NULL THEN NULL WHEN (CAST((b."f_mutual_plan_joined_on") + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN (CAST((b."f_mutual_plan_joined_on") + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) ELSE error('date out of range') END) AS "c_within_term",
    (b."f_hospital_admitted_on" < CASE WHEN (CAST((b."f_mutual_plan_joined_on") + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) IS NULL THEN NULL WHEN (CAST((b."f_mutual_plan_joined_on") + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN (CAST((b."f_mutual_plan_joined_on") + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) ELSE error('date out of range') END) AS "s_within_term",
    CAST(NULL AS BOOLEAN) AS "m_within_term",
    CASE WHEN CASE WHEN b."p_hospital_own_cost" >= 2 THEN COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost") END > CAST(0 AS BIGINT) THEN TRUE WHEN CASE WHEN b."p_hospital_own_cost" >= 2 THEN COALESCE(b."f_hospital_own_cost", b."h_hospital_own_cost") END <= CAST(0 AS BIGINT) THEN FALSE END AS "c_own_cost",
    CASE WHEN COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost") > CAST(0 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_hospital_own_cost", b."h_hospital_own_cost") <= CAST(0 AS BIGINT) THEN FALSE END AS "s_own_cost",
    CAST(NULL AS BOOLEAN) AS "m_own_cost",
    CASE WHEN CASE WHEN (CAST(2000000 AS BIGINT)) IS NULL OR (CAST(CAST(CAST(((CAST(CASE WHEN (COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost")) IS NULL OR (CAST(500000 AS BIGINT)) IS NULL THEN NULL ELSE LEAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost"), CAST(500000 AS BIGINT)) END AS HUGEINT) * (CAST(400000 AS BIGINT)) + 500000) - ((((CAST(CASE WHEN (COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost")) IS NULL OR (CAST(500000 AS BIGINT)) IS NULL THEN NULL ELSE LEAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost"), CAST(500000 AS BIGINT)) END AS HUGEINT) * (CAST(400000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) + CAST(((CAST(GREATEST(CAST(CAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT), CAST(0 AS BIGINT)) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(GREATEST(CAST(CAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT), CAST(0 AS BIGINT)) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT)) IS NULL THEN NULL ELSE LEAST(CAST(2000000 AS BIGINT), CAST(CAST(CAST(((CAST(CASE WHEN (COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost")) IS NULL OR (CAST(500000 AS BIGINT)) IS NULL THEN NULL ELSE LEAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost"), CAST(500000 AS BIGINT)) END AS HUGEINT) * (CAST(400000 AS BIGINT)) + 500000) - ((((CAST(CASE WHEN (COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost")) IS NULL OR (CAST(500000 AS BIGINT)) IS NULL THEN NULL ELSE LEAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost"), CAST(500000 AS BIGINT)) END AS HUGEINT) * (CAST(400000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) + CAST(((CAST(GREATEST(CAST(CAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT), CAST(0 AS BIGINT)) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(GREATEST(CAST(CAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT), CAST(0 AS BIGINT)) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT)) END = LEAST(CAST(2000000 AS BIGINT), CAST(CAST(CAST(((CAST(LEAST(COALESCE(b."f_hospital_own_cost", b."h_hospital_own_cost"), CAST(500000 AS BIGINT)) AS HUGEINT) * (CAST(400000 AS BIGINT)) + 500000) - ((((CAST(LEAST(COALESCE(b."f_hospital_own_cost", b."h_hospital_own_cost"), CAST(500000 AS BIGINT)) AS HUGEINT) * (CAST(400000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) + CAST(((CAST(CASE WHEN (CAST(CAST(COALESCE(b."f_hospital_own_cost", b."h_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT)) IS NULL OR (CAST(0 AS BIGINT)) IS NULL THEN NULL ELSE GREATEST(CAST(CAST(COALESCE(b."f_hospital_own_cost", b."h_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT), CAST(0 AS BIGINT)) END AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(CASE WHEN (CAST(CAST(COALESCE(b."f_hospital_own_cost", b."h_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT)) IS NULL OR (CAST(0 AS BIGINT)) IS NULL THEN NULL ELSE GREATEST(CAST(CAST(COALESCE(b."f_hospital_own_cost", b."h_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT), CAST(0 AS BIGINT)) END AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT)) THEN CASE WHEN (CAST(2000000 AS BIGINT)) IS NULL OR (CAST(CAST(CAST(((CAST(CASE WHEN (COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost")) IS NULL OR (CAST(500000 AS BIGINT)) IS NULL THEN NULL ELSE LEAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost"), CAST(500000 AS BIGINT)) END AS HUGEINT) * (CAST(400000 AS BIGINT)) + 500000) - ((((CAST(CASE WHEN (COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost")) IS NULL OR (CAST(500000 AS BIGINT)) IS NULL THEN NULL ELSE LEAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost"), CAST(500000 AS BIGINT)) END AS HUGEINT) * (CAST(400000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) + CAST(((CAST(GREATEST(CAST(CAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT), CAST(0 AS BIGINT)) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(GREATEST(CAST(CAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT), CAST(0 AS BIGINT)) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT)) IS NULL THEN NULL ELSE LEAST(CAST(2000000 AS BIGINT), CAST(CAST(CAST(((CAST(CASE WHEN (COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost")) IS NULL OR (CAST(500000 AS BIGINT)) IS NULL THEN NULL ELSE LEAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost"), CAST(500000 AS BIGINT)) END AS HUGEINT) * (CAST(400000 AS BIGINT)) + 500000) - ((((CAST(CASE WHEN (COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost")) IS NULL OR (CAST(500000 AS BIGINT)) IS NULL THEN NULL ELSE LEAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost"), CAST(500000 AS BIGINT)) END AS HUGEINT) * (CAST(400000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS HUGEINT) + CAST(((CAST(GREATEST(CAST(CAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT), CAST(0 AS BIGINT)) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) - ((((CAST(GREATEST(CAST(CAST(COALESCE(b."f_hospital_own_cost", b."l_hospital_own_cost") AS HUGEINT) - CAST(500000 AS BIGINT) AS BIGINT), CAST(0 AS BIGINT)) AS HUGEINT) * (CAST(600000 AS BIGINT)) + 500000) % 1000000) + 1000000) % 1000000)) // 1000000 AS BIGINT) AS BIGINT)) END END AS "a_benefit"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_after_waiting" IS FALSE AS INTEGER) + CAST("c_within_term" IS FALSE AS INTEGER) + CAST("c_own_cost" IS FALSE AS INTEGER) AS n_no,
    CAST("c_after_waiting" IS NULL AS INTEGER) + CAST("c_within_term" IS NULL AS INTEGER) + CAST("c_own_cost" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_after_waiting" IS TRUE AS INTEGER) + CAST("s_within_term" IS TRUE AS INTEGER) + CAST("s_own_cost" IS TRUE AS INTEGER) AS n_stated,
    ("c_after_waiting" IS FALSE AND "m_after_waiting" IS TRUE) OR ("c_within_term" IS FALSE AND "m_within_term" IS TRUE) OR ("c_own_cost" IS FALSE AND "m_own_cost" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 3 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_benefit" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_after_waiting",
  "c_within_term",
  "c_own_cost",
  "s_after_waiting",
  "s_within_term",
  "s_own_cost",
  "m_after_waiting",
  "m_within_term",
  "m_own_cost",
  "a_benefit"
FROM counted
ORDER BY subject_id
