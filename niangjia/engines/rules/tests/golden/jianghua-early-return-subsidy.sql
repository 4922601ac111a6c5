WITH dated AS (
  SELECT s.*,
    CAST(CASE WHEN (CAST((s."f_zone_started_on") + to_months(CAST(3 AS INTEGER)) AS DATE)) IS NULL THEN NULL WHEN (CAST((s."f_zone_started_on") + to_months(CAST(3 AS INTEGER)) AS DATE)) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN (CAST((s."f_zone_started_on") + to_months(CAST(3 AS INTEGER)) AS DATE)) ELSE error('date out of range') END AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE LEAST(GREATEST(d.as_of, DATE '2020-02-01'), DATE '2020-12-31') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    (b."f_zone_started_on" <= DATE '2020-02-29') AS "c_early",
    (b."f_zone_started_on" <= DATE '2020-02-29') AS "s_early",
    CAST((b."f_zone_started_on" <= CASE WHEN ((DATE '2020-02-29') + CAST(CAST(3 AS BIGINT) AS INTEGER)) IS NULL THEN NULL WHEN ((DATE '2020-02-29') + CAST(CAST(3 AS BIGINT) AS INTEGER)) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN ((DATE '2020-02-29') + CAST(CAST(3 AS BIGINT) AS INTEGER)) ELSE error('date out of range') END) AS BOOLEAN) AS "m_early",
    CASE WHEN COALESCE(b."f_zone_unbroken_months", b."l_zone_unbroken_months") >= CAST(3 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_zone_unbroken_months", b."h_zone_unbroken_months") < CAST(3 AS BIGINT) THEN FALSE END AS "c_unbroken",
    CASE WHEN COALESCE(b."f_zone_unbroken_months", b."l_zone_unbroken_months") >= CAST(3 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_zone_unbroken_months", b."h_zone_unbroken_months") < CAST(3 AS BIGINT) THEN FALSE END AS "s_unbroken",
    CAST(NULL AS BOOLEAN) AS "m_unbroken",
    CAST(30000 AS BIGINT) AS "a_subsidy"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_early" IS FALSE AS INTEGER) + CAST("c_unbroken" IS FALSE AS INTEGER) AS n_no,
    CAST("c_early" IS NULL AS INTEGER) + CAST("c_unbroken" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_early" IS TRUE AS INTEGER) + CAST("s_unbroken" IS TRUE AS INTEGER) AS n_stated,
    ("c_early" IS FALSE AND "m_early" IS TRUE) OR ("c_unbroken" IS FALSE AND "m_unbroken" IS TRUE) AS is_near
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
  "c_early",
  "c_unbroken",
  "s_early",
  "s_unbroken",
  "m_early",
  "m_unbroken",
  "a_subsidy"
FROM counted
ORDER BY subject_id
