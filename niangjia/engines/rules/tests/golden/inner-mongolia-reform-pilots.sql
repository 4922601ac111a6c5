WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2021-07-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    (b."f_pilot_kind" IN ('comprehensive_city', 'comprehensive_area', 'project')) AS "c_pilot",
    (b."f_pilot_kind" IN ('comprehensive_city', 'comprehensive_area', 'project')) AS "s_pilot",
    CAST(NULL AS BOOLEAN) AS "m_pilot",
    ((b."f_pilot_accepted_on" >= DATE '2021-07-01') AND (b."f_pilot_accepted_on" <= CASE WHEN (CAST((DATE '2021-07-01') + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) IS NULL THEN NULL WHEN (CAST((DATE '2021-07-01') + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN (CAST((DATE '2021-07-01') + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) ELSE error('date out of range') END)) AS "c_accepted",
    ((b."f_pilot_accepted_on" >= DATE '2021-07-01') AND (b."f_pilot_accepted_on" <= CASE WHEN (CAST((DATE '2021-07-01') + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) IS NULL THEN NULL WHEN (CAST((DATE '2021-07-01') + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN (CAST((DATE '2021-07-01') + to_months(CAST(CAST(12 AS BIGINT) AS INTEGER)) AS DATE)) ELSE error('date out of range') END)) AS "s_accepted",
    CAST(NULL AS BOOLEAN) AS "m_accepted",
    CASE WHEN (((b."f_pilot_kind" = 'comprehensive_city')) IS NOT FALSE) AND (CAST(50000000 AS BIGINT)) IS NULL OR (((b."f_pilot_kind" = 'comprehensive_city')) IS NOT TRUE AND ((b."f_pilot_kind" = 'comprehensive_area')) IS NOT FALSE) AND (CAST(30000000 AS BIGINT)) IS NULL OR (((b."f_pilot_kind" = 'comprehensive_city')) IS NOT TRUE AND ((b."f_pilot_kind" = 'comprehensive_area')) IS NOT TRUE) AND (CAST(20000000 AS BIGINT)) IS NULL THEN NULL ELSE CASE WHEN LEAST(CASE WHEN ((b."f_pilot_kind" = 'comprehensive_city')) IS NOT FALSE THEN CAST(50000000 AS BIGINT) END, CASE WHEN ((b."f_pilot_kind" = 'comprehensive_city')) IS NOT TRUE AND ((b."f_pilot_kind" = 'comprehensive_area')) IS NOT FALSE THEN CAST(30000000 AS BIGINT) END, CASE WHEN ((b."f_pilot_kind" = 'comprehensive_city')) IS NOT TRUE AND ((b."f_pilot_kind" = 'comprehensive_area')) IS NOT TRUE THEN CAST(20000000 AS BIGINT) END) = GREATEST(CASE WHEN ((b."f_pilot_kind" = 'comprehensive_city')) IS NOT FALSE THEN CAST(50000000 AS BIGINT) END, CASE WHEN ((b."f_pilot_kind" = 'comprehensive_city')) IS NOT TRUE AND ((b."f_pilot_kind" = 'comprehensive_area')) IS NOT FALSE THEN CAST(30000000 AS BIGINT) END, CASE WHEN ((b."f_pilot_kind" = 'comprehensive_city')) IS NOT TRUE AND ((b."f_pilot_kind" = 'comprehensive_area')) IS NOT TRUE THEN CAST(20000000 AS BIGINT) END) THEN LEAST(CASE WHEN ((b."f_pilot_kind" = 'comprehensive_city')) IS NOT FALSE THEN CAST(50000000 AS BIGINT) END, CASE WHEN ((b."f_pilot_kind" = 'comprehensive_city')) IS NOT TRUE AND ((b."f_pilot_kind" = 'comprehensive_area')) IS NOT FALSE THEN CAST(30000000 AS BIGINT) END, CASE WHEN ((b."f_pilot_kind" = 'comprehensive_city')) IS NOT TRUE AND ((b."f_pilot_kind" = 'comprehensive_area')) IS NOT TRUE THEN CAST(20000000 AS BIGINT) END) END END AS "a_subsidy"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_pilot" IS FALSE AS INTEGER) + CAST("c_accepted" IS FALSE AS INTEGER) AS n_no,
    CAST("c_pilot" IS NULL AS INTEGER) + CAST("c_accepted" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_pilot" IS TRUE AS INTEGER) + CAST("s_accepted" IS TRUE AS INTEGER) AS n_stated,
    ("c_pilot" IS FALSE AND "m_pilot" IS TRUE) OR ("c_accepted" IS FALSE AND "m_accepted" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 2 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_subsidy" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_pilot",
  "c_accepted",
  "s_pilot",
  "s_accepted",
  "m_pilot",
  "m_accepted",
  "a_subsidy"
FROM counted
ORDER BY subject_id
