#include "host/store/sqlite/control_schema.h"

#include <sqlite3.h>

#include <array>

#include "fmt/format.h"
#include "host/store/sqlite/control_copy.h"

namespace concordat::store {
namespace {

constexpr int64_t kApplicationId = 0x434f4e43;  // "CONC": what `file` and other programs know the database by

// Step n leads from user_version n to n + 1. What has been released is never edited: add a step.
// Times are RFC 3339 texts in UTC with nanoseconds; JSON is text, so that json_extract works on it.
constexpr std::array<const char*, 10> kSteps = {R"sql(
CREATE TABLE attempts (
  sequence INTEGER PRIMARY KEY,  -- the order in which they were published
  id TEXT NOT NULL UNIQUE,
  feed TEXT NOT NULL,
  partner TEXT NOT NULL,
  dataset TEXT NOT NULL,
  period TEXT NOT NULL,
  number INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('current', 'superseded', 'withdrawn', 'rejected')),
  supersedes TEXT NOT NULL,
  reason TEXT NOT NULL,
  submitter TEXT NOT NULL,
  received TEXT NOT NULL,
  due TEXT,
  source_name TEXT NOT NULL,
  source_bytes INTEGER NOT NULL,
  source_digest TEXT NOT NULL,
  policy_digest TEXT NOT NULL,
  contract_digest TEXT NOT NULL,
  mends TEXT NOT NULL,
  root_source TEXT NOT NULL,
  corrections TEXT NOT NULL,
  result TEXT NOT NULL,
  receipt TEXT NOT NULL,
  accepted INTEGER NOT NULL,
  total INTEGER NOT NULL,
  file TEXT,  -- its rows, held-back records and findings, relative to this database; NULL when it has none
  withdrawn_reason TEXT,
  withdrawal_receipt TEXT,
  UNIQUE (feed, period, number)
) STRICT;
CREATE UNIQUE INDEX one_current_submission ON attempts (feed, period) WHERE state = 'current';
CREATE INDEX attempts_by_bytes ON attempts (feed, source_digest);
CREATE INDEX attempts_by_partner ON attempts (partner);
CREATE INDEX attempts_by_dataset ON attempts (dataset);
CREATE VIEW current_files AS
  SELECT dataset, feed, partner, period, id AS submission, accepted, file FROM attempts
  WHERE state = 'current';

CREATE TABLE receipts (
  leaf_index INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  partner TEXT NOT NULL,
  subject TEXT NOT NULL,
  time TEXT NOT NULL,
  receipt TEXT NOT NULL
) STRICT;
CREATE INDEX receipts_by_partner ON receipts (partner, leaf_index);

CREATE TABLE enrolments (
  fingerprint TEXT PRIMARY KEY,
  spiffe_id TEXT NOT NULL,
  partner TEXT NOT NULL,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  certificate TEXT NOT NULL,
  enrolled TEXT NOT NULL,
  revoked INTEGER NOT NULL
) STRICT;

CREATE TABLE signatures (
  sequence INTEGER PRIMARY KEY,
  protocol TEXT NOT NULL,
  version TEXT NOT NULL,
  digest TEXT NOT NULL,
  partner TEXT NOT NULL,
  signer TEXT NOT NULL,
  name TEXT NOT NULL,
  post TEXT NOT NULL,
  authority TEXT NOT NULL,
  time TEXT NOT NULL,
  signature BLOB NOT NULL,
  certificate TEXT NOT NULL,
  revoked_at TEXT,
  revoked_reason TEXT
) STRICT;
CREATE UNIQUE INDEX one_signature_in_force ON signatures (protocol, version, digest, partner, signer)
  WHERE revoked_at IS NULL;

CREATE TABLE pseudonym_keys (
  protocol TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  key BLOB NOT NULL
) STRICT;

CREATE TABLE assessments (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  template TEXT NOT NULL,
  template_version TEXT NOT NULL,
  template_digest TEXT NOT NULL,
  partner TEXT NOT NULL,
  cycle TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'submitted')),
  started_by TEXT NOT NULL,
  started TEXT NOT NULL,
  submitted TEXT,
  frozen TEXT NOT NULL,
  UNIQUE (partner, template, cycle)
) STRICT;
CREATE TABLE answers (
  sequence INTEGER PRIMARY KEY,
  assessment TEXT NOT NULL REFERENCES assessments (id),
  item TEXT NOT NULL,
  level INTEGER NOT NULL,
  comment TEXT NOT NULL,
  by TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX answers_by_item ON answers (assessment, item, sequence);
)sql",
                                               R"sql(
ALTER TABLE attempts ADD COLUMN first_day INTEGER;  -- of the period, days since 1970-01-01
ALTER TABLE attempts ADD COLUMN last_day INTEGER;
CREATE INDEX attempts_by_day ON attempts (feed, last_day);
)sql",
                                               R"sql(
CREATE TABLE obligations (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL
    CHECK (kind IN ('deletion_certificate', 'emergency_review', 'rectification', 'dispute')),
  partner TEXT NOT NULL,
  role TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asker TEXT NOT NULL,
  dataset TEXT NOT NULL,
  protocol TEXT NOT NULL,
  disclosure TEXT NOT NULL,
  submission TEXT NOT NULL,
  record_token TEXT NOT NULL,
  field TEXT NOT NULL,
  label BLOB NOT NULL,   -- sealed
  reason BLOB NOT NULL,  -- sealed
  created TEXT NOT NULL,
  due TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  closed_at TEXT,
  closed_by TEXT NOT NULL,
  evidence BLOB NOT NULL,  -- sealed
  evidence_digest TEXT NOT NULL,
  outcome TEXT NOT NULL,
  receipts TEXT NOT NULL  -- a JSON array of ids
) STRICT;
CREATE INDEX obligations_by_partner ON obligations (partner, state);
CREATE INDEX obligations_by_dataset ON obligations (dataset, kind);
CREATE INDEX obligations_by_disclosure ON obligations (disclosure);
CREATE INDEX disclosures ON receipts (leaf_index) WHERE kind = 'disclosure';
)sql",
                                               R"sql(
CREATE TABLE releases (  -- of aggregates, to be compared with later ones
  sequence INTEGER PRIMARY KEY,
  receipt TEXT NOT NULL,
  recipient TEXT NOT NULL,
  dataset TEXT NOT NULL,
  figures TEXT NOT NULL,  -- which table: by what, of which rows
  time TEXT NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX releases_of_figures ON releases (recipient, dataset, figures, time);
ALTER TABLE receipts ADD COLUMN stage TEXT NOT NULL DEFAULT '';  -- of a transfer: begun, complete, broken_off
CREATE TABLE open_transfers (
  sequence INTEGER PRIMARY KEY,
  receipt TEXT NOT NULL UNIQUE,
  draft TEXT NOT NULL
) STRICT;
)sql",
                                               R"sql(
-- Who saw what: what a receipt says, taken out of it so that no question reads all of them.
ALTER TABLE receipts ADD COLUMN dataset TEXT NOT NULL DEFAULT '';
ALTER TABLE receipts ADD COLUMN protocol TEXT NOT NULL DEFAULT '';
ALTER TABLE receipts ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
ALTER TABLE receipts ADD COLUMN decision TEXT NOT NULL DEFAULT '';
ALTER TABLE receipts ADD COLUMN released INTEGER NOT NULL DEFAULT 0;  -- rows, or accepted records
CREATE TABLE receipt_fields (
  leaf_index INTEGER NOT NULL REFERENCES receipts (leaf_index),
  field TEXT NOT NULL,
  PRIMARY KEY (field, leaf_index)
) STRICT, WITHOUT ROWID;
CREATE TABLE receipt_givers (
  leaf_index INTEGER NOT NULL REFERENCES receipts (leaf_index),
  giver TEXT NOT NULL,
  PRIMARY KEY (leaf_index, giver)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_by_giver ON receipt_givers (giver, leaf_index);
CREATE INDEX receipts_by_dataset ON receipts (dataset, time);
CREATE INDEX receipts_by_protocol ON receipts (protocol, time);
CREATE INDEX receipts_by_time ON receipts (time);
UPDATE receipts SET
  dataset = coalesce(json_extract(receipt, '$.subject.dataset'), ''),
  protocol = coalesce(json_extract(receipt, '$.subject.protocol'), ''),
  purpose = coalesce(json_extract(receipt, '$.subject.purpose'), ''),
  decision = coalesce(json_extract(receipt, '$.decision'), ''),
  released = coalesce(json_extract(receipt, '$.records.released'), json_extract(receipt, '$.records.accepted'), 0);
INSERT OR IGNORE INTO receipt_fields
  SELECT leaf_index, json_extract(each.value, '$.field')
  FROM receipts, json_each(receipt, '$.subject.fields') AS each WHERE each.type = 'object';
INSERT OR IGNORE INTO receipt_givers
  SELECT receipts.leaf_index, attempts.partner
  FROM receipts, json_each(receipts.receipt, '$.subject.submissions') AS each
  JOIN attempts ON attempts.id = each.value;
)sql",
                                               R"sql(
ALTER TABLE signatures ADD COLUMN contracts TEXT NOT NULL DEFAULT '';  -- JSON, as they stood when it was given
ALTER TABLE signatures ADD COLUMN revocation_signature BLOB NOT NULL DEFAULT x'';
CREATE TABLE rejections (
  sequence INTEGER PRIMARY KEY,
  protocol TEXT NOT NULL,
  version TEXT NOT NULL,
  digest TEXT NOT NULL,
  partner TEXT NOT NULL,
  signer TEXT NOT NULL,
  reason TEXT NOT NULL,
  time TEXT NOT NULL,
  signature BLOB NOT NULL,
  certificate TEXT NOT NULL
) STRICT;
CREATE INDEX rejections_by_protocol ON rejections (protocol, sequence);
CREATE TABLE signed_documents (
  digest TEXT PRIMARY KEY,
  canonical TEXT NOT NULL  -- RFC 8785, what the digest is of
) STRICT;
)sql",
                                               R"sql(
CREATE TABLE key_check (  -- opens with the right host key alone
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sealed BLOB NOT NULL
) STRICT;
CREATE TABLE dataset_keys (
  dataset TEXT PRIMARY KEY,
  key BLOB NOT NULL  -- wrapped with the host's
) STRICT;
CREATE TABLE attempt_keys (  -- of attempts with something confidential
  attempt TEXT PRIMARY KEY,
  dataset TEXT NOT NULL REFERENCES dataset_keys (dataset),
  key BLOB NOT NULL  -- wrapped with the dataset's; gone once the attempt is erased
) STRICT;
ALTER TABLE attempts ADD COLUMN erased_at TEXT;  -- `state` then says what it was before, a current one withdrawn
ALTER TABLE attempts ADD COLUMN erased_reason TEXT;
ALTER TABLE attempts ADD COLUMN erasure_receipt TEXT;
)sql",
                                               R"sql(
-- A self-assessment is what people did to it, in order; what stands is the fold of that.
CREATE TABLE assessment_cycles (
  sequence INTEGER PRIMARY KEY,
  template TEXT NOT NULL,
  cycle TEXT NOT NULL,
  template_version TEXT NOT NULL,
  template_digest TEXT NOT NULL,
  template_text TEXT NOT NULL,
  subject TEXT NOT NULL,
  partners TEXT NOT NULL,        -- a JSON array of ids
  group_partners TEXT NOT NULL,  -- a JSON object: group -> partner
  opens TEXT NOT NULL,
  due TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  opened TEXT NOT NULL,
  UNIQUE (template, cycle)
) STRICT;
ALTER TABLE assessments RENAME TO earlier_assessments;
CREATE TABLE assessments (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  template TEXT NOT NULL,
  template_version TEXT NOT NULL,
  template_digest TEXT NOT NULL,
  template_text TEXT NOT NULL,  -- empty: started before it was kept
  partner TEXT NOT NULL,
  group_name TEXT NOT NULL,     -- empty: the partner's own
  cycle TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'signed_off', 'moderated', 'published')),
  started_by TEXT NOT NULL,
  started TEXT NOT NULL,
  submitted TEXT,
  frozen TEXT NOT NULL,
  UNIQUE (partner, template, cycle, group_name)
) STRICT;
CREATE INDEX assessments_of_cycle ON assessments (template, cycle);
CREATE TABLE assessment_events (
  sequence INTEGER PRIMARY KEY,
  assessment TEXT NOT NULL REFERENCES assessments (id),
  kind TEXT NOT NULL CHECK (kind IN ('answer', 'comment', 'assign', 'evidence', 'withdraw_evidence',
    'carry_over', 'submit', 'return', 'sign_off', 'moderate', 'publish')),
  item TEXT NOT NULL,  -- empty: the whole
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_assessment ON assessment_events (assessment, sequence);
INSERT INTO assessments
  SELECT sequence, id, template, template_version, template_digest, '', partner, '', cycle, state, started_by,
    started, submitted, frozen FROM earlier_assessments;
INSERT INTO assessment_events (assessment, kind, item, by, at, body)
  SELECT assessment, 'answer', item, by, at, json_object('level', level, 'comment', comment)
  FROM answers ORDER BY sequence;
INSERT INTO assessment_events (assessment, kind, item, by, at, body)  -- who handed it in was not kept
  SELECT id, 'submit', '', started_by, submitted, '{}' FROM earlier_assessments WHERE state = 'submitted';
DROP TABLE answers;
DROP TABLE earlier_assessments;

CREATE TABLE actions (  -- what is to be done about a gap
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  assessment TEXT NOT NULL REFERENCES assessments (id),
  partner TEXT NOT NULL,
  template TEXT NOT NULL,
  cycle TEXT NOT NULL,
  item TEXT NOT NULL,
  title TEXT NOT NULL,
  owner TEXT NOT NULL,
  resource TEXT NOT NULL,
  due TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'cancelled')),
  created_by TEXT NOT NULL,
  created TEXT NOT NULL,
  closed_at TEXT,
  closed_by TEXT NOT NULL,
  evidence TEXT NOT NULL,
  evidence_digest TEXT NOT NULL
) STRICT;
CREATE INDEX actions_by_partner ON actions (partner, state);
CREATE INDEX actions_of_assessment ON actions (assessment);
CREATE TABLE action_revisions (
  sequence INTEGER PRIMARY KEY,
  action TEXT NOT NULL REFERENCES actions (id),
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL
) STRICT;
CREATE INDEX revisions_of_action ON action_revisions (action, sequence);
)sql",
                                               R"sql(
CREATE TABLE acceptances (  -- of warnings, by people; the newest of a submission and rule counts
  sequence INTEGER PRIMARY KEY,
  submission TEXT NOT NULL REFERENCES attempts (id),
  feed TEXT NOT NULL,
  partner TEXT NOT NULL,
  dataset TEXT NOT NULL,
  period TEXT NOT NULL,
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  until TEXT NOT NULL,  -- the last day on which it counts
  receipt TEXT NOT NULL
) STRICT;
CREATE INDEX acceptances_of_submission ON acceptances (submission);
CREATE INDEX acceptances_of_feed ON acceptances (feed, period);
CREATE TABLE sign_offs (  -- the last row of a feed and period says whether it is locked
  sequence INTEGER PRIMARY KEY,
  submission TEXT NOT NULL REFERENCES attempts (id),
  feed TEXT NOT NULL,
  partner TEXT NOT NULL,
  dataset TEXT NOT NULL,
  period TEXT NOT NULL,
  reopened INTEGER NOT NULL CHECK (reopened IN (0, 1)),
  assurance TEXT NOT NULL CHECK (assurance IN
    ('', 'external_audit', 'internal_audit', 'random_checks', 'periodic_checks', 'no_checks')),
  comment TEXT NOT NULL,
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  receipt TEXT NOT NULL,
  CHECK ((assurance = '') = (reopened = 1))
) STRICT;
CREATE INDEX sign_offs_of_period ON sign_offs (feed, period, sequence);
CREATE INDEX sign_offs_of_submission ON sign_offs (submission);
)sql",
                                               R"sql(
CREATE TABLE adapter_decisions (  -- what stands is what comes of all of them in their order
  sequence INTEGER PRIMARY KEY,
  adapter TEXT NOT NULL,
  version TEXT NOT NULL,  -- empty: all versions
  feed TEXT NOT NULL,     -- of a quarantine; empty: all feeds
  what TEXT NOT NULL CHECK (what IN ('use', 'enable', 'disable', 'quarantine')),
  by TEXT NOT NULL,       -- empty: the host itself
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  receipt TEXT NOT NULL
) STRICT;
CREATE TABLE adapter_failures (
  sequence INTEGER PRIMARY KEY,
  adapter TEXT NOT NULL,
  version TEXT NOT NULL,
  feed TEXT NOT NULL,
  kind TEXT NOT NULL,
  cause TEXT NOT NULL,
  submission TEXT NOT NULL,  -- empty: a check
  by TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX failures_of_adapter ON adapter_failures (adapter, version, feed, sequence);
CREATE TABLE adapter_tallies (
  adapter TEXT NOT NULL,
  version TEXT NOT NULL,
  feed TEXT NOT NULL,
  failures INTEGER NOT NULL,  -- ever
  in_a_row INTEGER NOT NULL,  -- since the last success or since it was enabled
  PRIMARY KEY (adapter, version, feed)
) STRICT, WITHOUT ROWID;
)sql",
                                                R"sql(
CREATE TABLE invitations (
  id TEXT NOT NULL UNIQUE,
  spiffe_id TEXT NOT NULL,
  code_hash TEXT NOT NULL,         -- keyed; the code itself is kept nowhere
  bootstrap TEXT NOT NULL UNIQUE,  -- fingerprint of the certificate in the invitation file
  created_by TEXT NOT NULL,
  created TEXT NOT NULL,
  expires TEXT NOT NULL,
  attempts INTEGER NOT NULL,       -- wrong codes so far
  state TEXT NOT NULL CHECK (state IN ('open', 'used', 'withdrawn'))
) STRICT;
CREATE TABLE enrolment_requests (
  id TEXT NOT NULL UNIQUE,
  invitation TEXT NOT NULL,  -- empty: a renewal
  spiffe_id TEXT NOT NULL,
  asked_with TEXT NOT NULL,  -- fingerprint of the certificate of the call
  request TEXT NOT NULL,     -- PKCS #10
  asked TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused')),
  certificate TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided TEXT,
  reason TEXT NOT NULL
) STRICT;
CREATE TABLE revocations (
  fingerprint TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE TABLE backups (
  sequence INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  digest TEXT NOT NULL,
  submissions INTEGER NOT NULL,
  receipts INTEGER NOT NULL,
  restored INTEGER NOT NULL CHECK (restored IN (0, 1)),  -- whether the trial to restore it succeeded
  message TEXT NOT NULL,
  by TEXT NOT NULL
) STRICT;
)sql"};

absl::Status RefuseForeign(Connection& connection, int64_t version) {
  ASSIGN_OR_RETURN(const int64_t application, connection.ReadInteger("PRAGMA application_id"));
  ASSIGN_OR_RETURN(const int64_t tables, connection.ReadInteger("SELECT count(*) FROM sqlite_schema"));
  const bool fresh = version == 0 && application == 0 && tables == 0;
  if (fresh || application == kApplicationId) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "control.db belongs to another program; give Concordat a folder of its own");
}

absl::Status TakeStep(Connection& connection, int64_t version) {
  return connection.Execute(
      fmt::format("BEGIN IMMEDIATE; {} PRAGMA application_id={}; PRAGMA user_version={}; COMMIT;",
                  kSteps[static_cast<size_t>(version)], kApplicationId, version + 1));
}

}  // namespace

absl::Status MigrateControl(Connection& connection, std::optional<int64_t> until) {
  ASSIGN_OR_RETURN(int64_t version, connection.ReadInteger("PRAGMA user_version"));
  RETURN_IF_ERROR(RefuseForeign(connection, version));
  const auto newest = static_cast<int64_t>(kSteps.size());
  if (version > newest) {
    return absl::FailedPreconditionError(fmt::format(
        "control.db is of store version {}, written by a newer Concordat; this one reads up to version {}: "
        "install the newer Concordat or restore a backup",
        version, newest));
  }
  const int64_t before = version;
  const bool upgrades = before > 0 && before < until.value_or(newest);
  const std::string path = sqlite3_db_filename(connection.handle(), "main");
  if (upgrades) RETURN_IF_ERROR(KeepBeforeUpgrade(connection, path, before));
  for (; version < until.value_or(newest); ++version) RETURN_IF_ERROR(TakeStep(connection, version));
  return upgrades ? NoteUpgraded(connection, path, before) : absl::OkStatus();
}

}  // namespace concordat::store
