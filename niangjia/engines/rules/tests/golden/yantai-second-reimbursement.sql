WITH dated AS (
  SELECT s.*,
    CAST(CAST($today AS DATE) AS DATE) AS as_of
  FROM subjects AS s
),
base AS (
  SELECT d.*,
    CASE WHEN d.as_of IS NULL THEN NULL ELSE GREATEST(d.as_of, DATE '2020-02-01') END AS lookup_day
  FROM dated AS d
),
answers AS (
  SELECT b.subject_id,
    b.as_of,
    b."f_hardship_in_file" AS "c_in_file",
    b."f_hardship_in_file" AS "s_in_file",
    CAST(NULL AS BOOLEAN) AS "m_in_file",
    CASE WHEN b."p_medical_slips_complete" >= 2 THEN b."f_medical_slips_complete" END AS "c_slips",
    b."f_medical_slips_complete" AS "s_slips",
    CAST(NULL AS BOOLEAN) AS "m_slips",
    CASE WHEN CAST(CAST(CAST(CAST(CAST(CAST(COALESCE(b."f_medical_bill", b."l_medical_bill") AS HUGEINT) - COALESCE(b."f_medical_insurance_paid", b."h_medical_insurance_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_serious_illness_paid", b."h_serious_illness_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_mutual_aid_paid", b."h_mutual_aid_paid") AS BIGINT) > CAST(0 AS BIGINT) THEN TRUE WHEN CAST(CAST(CAST(CAST(CAST(CAST(COALESCE(b."f_medical_bill", b."h_medical_bill") AS HUGEINT) - COALESCE(b."f_medical_insurance_paid", b."l_medical_insurance_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_serious_illness_paid", b."l_serious_illness_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_mutual_aid_paid", b."l_mutual_aid_paid") AS BIGINT) <= CAST(0 AS BIGINT) THEN FALSE END AS "c_something_left",
    CASE WHEN CAST(CAST(CAST(CAST(CAST(CAST(COALESCE(b."f_medical_bill", b."l_medical_bill") AS HUGEINT) - COALESCE(b."f_medical_insurance_paid", b."h_medical_insurance_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_serious_illness_paid", b."h_serious_illness_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_mutual_aid_paid", b."h_mutual_aid_paid") AS BIGINT) > CAST(0 AS BIGINT) THEN TRUE WHEN CAST(CAST(CAST(CAST(CAST(CAST(COALESCE(b."f_medical_bill", b."h_medical_bill") AS HUGEINT) - COALESCE(b."f_medical_insurance_paid", b."l_medical_insurance_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_serious_illness_paid", b."l_serious_illness_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_mutual_aid_paid", b."l_mutual_aid_paid") AS BIGINT) <= CAST(0 AS BIGINT) THEN FALSE END AS "s_something_left",
    CAST(NULL AS BOOLEAN) AS "m_something_left",
    CASE WHEN GREATEST(CAST(CAST(CAST(CAST(CAST(CAST(COALESCE(b."f_medical_bill", b."l_medical_bill") AS HUGEINT) - COALESCE(b."f_medical_insurance_paid", b."h_medical_insurance_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_serious_illness_paid", b."h_serious_illness_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_mutual_aid_paid", b."h_mutual_aid_paid") AS BIGINT), CAST(0 AS BIGINT)) = CASE WHEN (CAST(CAST(CAST(CAST(CAST(CAST(COALESCE(b."f_medical_bill", b."h_medical_bill") AS HUGEINT) - COALESCE(b."f_medical_insurance_paid", b."l_medical_insurance_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_serious_illness_paid", b."l_serious_illness_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_mutual_aid_paid", b."l_mutual_aid_paid") AS BIGINT)) IS NULL OR (CAST(0 AS BIGINT)) IS NULL THEN NULL ELSE GREATEST(CAST(CAST(CAST(CAST(CAST(CAST(COALESCE(b."f_medical_bill", b."h_medical_bill") AS HUGEINT) - COALESCE(b."f_medical_insurance_paid", b."l_medical_insurance_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_serious_illness_paid", b."l_serious_illness_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_mutual_aid_paid", b."l_mutual_aid_paid") AS BIGINT), CAST(0 AS BIGINT)) END THEN GREATEST(CAST(CAST(CAST(CAST(CAST(CAST(COALESCE(b."f_medical_bill", b."l_medical_bill") AS HUGEINT) - COALESCE(b."f_medical_insurance_paid", b."h_medical_insurance_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_serious_illness_paid", b."h_serious_illness_paid") AS BIGINT) AS HUGEINT) - COALESCE(b."f_mutual_aid_paid", b."h_mutual_aid_paid") AS BIGINT), CAST(0 AS BIGINT)) END AS "a_reimbursement"
  FROM base AS b
),
counted AS (
  SELECT *,
    CAST("c_in_file" IS FALSE AS INTEGER) + CAST("c_slips" IS FALSE AS INTEGER) + CAST("c_something_left" IS FALSE AS INTEGER) AS n_no,
    CAST("c_in_file" IS NULL AS INTEGER) + CAST("c_slips" IS NULL AS INTEGER) + CAST("c_something_left" IS NULL AS INTEGER) AS n_unknown,
    CAST("s_in_file" IS TRUE AS INTEGER) + CAST("s_slips" IS TRUE AS INTEGER) + CAST("s_something_left" IS TRUE AS INTEGER) AS n_stated,
    ("c_in_file" IS FALSE AND "m_in_file" IS TRUE) OR ("c_slips" IS FALSE AND "m_slips" IS TRUE) OR ("c_something_left" IS FALSE AND "m_something_left" IS TRUE) AS is_near
  FROM answers
)
SELECT subject_id,
  as_of,
  CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome,
  n_no = 0 AND n_unknown > 0 AND n_stated = 3 AS if_confirmed,
  n_no = 1 AND n_unknown = 0 AND is_near AS near_miss,
  CASE WHEN n_no = 0 THEN CAST("a_reimbursement" AS BIGINT) END AS amount_fen,
  CAST(n_no AS INTEGER) AS n_no,
  CAST(n_unknown AS INTEGER) AS n_unknown,
  "c_in_file",
  "c_slips",
  "c_something_left",
  "s_in_file",
  "s_slips",
  "s_something_left",
  "m_in_file",
  "m_slips",
  "m_something_left",
  "a_reimbursement"
FROM counted
ORDER BY subject_id
