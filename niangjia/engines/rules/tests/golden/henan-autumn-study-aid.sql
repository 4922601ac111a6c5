WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2023-06-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    (b."f_school_stage" IN ('college', 'university')) AS "c_stage",
    (b."f_school_stage" IN ('college', 'university')) AS "s_stage",
    CAST(NULL AS BOOLEAN) AS "m_stage",
    CASE WHEN b."p_admission_letter" >= 2 THEN b."f_admission_letter" END AS "c_letter",
    b."f_admission_letter" AS "s_letter",
    CAST(NULL AS BOOLEAN) AS "m_letter",
    (b."f_household__hardship_in_file" OR b."f_household__migrant_household") AS "c_household",
    (b."f_household__hardship_in_file" OR b."f_household__migrant_household") AS "s_household",
    CAST(NULL AS BOOLEAN) AS "m_household",
    CASE WHEN CASE WHEN b."p_household__income_per_head" >= 4 AND b.as_of - b."o_household__income_per_head" <= 365 THEN COALESCE(b."f_household__income_per_head", b."h_household__income_per_head") END <= CAST(150000 AS BIGINT) THEN TRUE WHEN CASE WHEN b."p_household__income_per_head" >= 4 AND b.as_of - b."o_household__income_per_head" <= 365 THEN COALESCE(b."f_household__income_per_head", b."l_household__income_per_head") END > CAST(150000 AS BIGINT) THEN FALSE END AS "c_income",
    CASE WHEN COALESCE(b."f_household__income_per_head", b."h_household__income_per_head") <= CAST(150000 AS BIGINT) THEN TRUE WHEN COALESCE(b."f_household__income_per_head", b."l_household__income_per_head") > CAST(150000 AS BIGINT) THEN FALSE END AS "s_income",
    CAST(CASE WHEN CASE WHEN b."p_household__income_per_head" >= 4 AND b.as_of - b."o_household__income_per_head" <= 365 THEN COALESCE(b."f_household__income_per_head", b."h_household__income_per_head") END <= CAST(CAST(CAST(150000 AS BIGINT) AS HUGEINT) + CAST(10000 AS BIGINT) AS BIGINT) THEN TRUE WHEN CASE WHEN b."p_household__income_per_head" >= 4 AND b.as_of - b."o_household__income_per_head" <= 365 THEN COALESCE(b."f_household__income_per_head", b."l_household__income_per_head") END > CAST(CAST(CAST(150000 AS BIGINT) AS HUGEINT) + CAST(10000 AS BIGINT) AS BIGINT) THEN FALSE END AS BOOLEAN) AS "m_income",
    CAST(200000 AS BIGINT) AS "a_aid"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_stage" IS FALSE AS INTEGER) + CAST("c_letter" IS FALSE AS INTEGER) + CAST("c_household" IS FALSE AS INTEGER) + CAST("c_income" IS FALSE AS INTEGER) AS n_no,
    CAST("c_stage" IS NULL AS INTEGER) + CAST("c_letter" IS NULL AS INTEGER) + CAST("c_household" IS NULL AS INTEGER) + CAST("c_income" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_stage" IS TRUE AS INTEGER) + CAST("s_letter" IS TRUE AS INTEGER) + CAST("s_household" IS TRUE AS INTEGER) + CAST("s_income" IS TRUE AS INTEGER) AS n_stated,
    ("c_stage" IS FALSE AND "m_stage" IS TRUE) OR ("c_letter" IS FALSE AND "m_letter" IS TRUE) OR ("c_household" IS FALSE AND "m_household" IS TRUE) OR ("c_income" IS FALSE AND "m_income" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 4 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_aid" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_stage",
  "c_letter",
  "c_household",
  "c_income",
  "s_stage",
  "s_letter",
  "s_household",
  "s_income",
  "m_stage",
  "m_letter",
  "m_household",
  "m_income",
  "a_aid"
FROM counted
ORDER BY subject_id
