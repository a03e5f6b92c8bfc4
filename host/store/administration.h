// What administration remembers: invitations, requests for certificates, why certificates were revoked,
// backups that were tried. Rulings and submissions never look here, which is why it stands beside Store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/base/ids.h"
#include "host/base/status.h"

namespace concordat::store {

class Store;

/// Somebody may ask once for a certificate, with a file and a code.
struct Invitation {
  std::string id;         // "I-" and 16 hexadecimal digits
  std::string spiffe_id;  // whose certificate it will be
  std::string code_hash;  // keyed; the code itself is kept nowhere
  std::string bootstrap;  // fingerprint of the certificate in the invitation file
  std::string created_by;
  absl::Time created;
  absl::Time expires;
  uint64_t attempts = 0;       // wrong codes so far
  std::string state = "open";  // open | used | withdrawn
};

/// A key that wants a certificate; an administrator decides.
struct EnrolmentRequest {
  std::string id;          // "R-" and 16 hexadecimal digits
  std::string invitation;  // empty: a renewal, asked for with a certificate that still holds
  std::string spiffe_id;
  std::string asked_with;  // fingerprint of the certificate of the call
  std::string request;     // PKCS #10, PEM
  absl::Time asked;
  std::string state = "waiting";  // waiting | approved | refused
  std::string certificate;        // PEM, once it is approved
  std::string decided_by;
  std::optional<absl::Time> decided;
  std::string reason;  // of a refusal
};

/// Why a certificate is refused from then on.
struct Revocation {
  std::string fingerprint;
  absl::Time at;
  std::string by;
  std::string reason;
};

/// A backup and what became of the trial to restore it.
struct BackupNote {
  absl::Time at;
  std::string file;  // as the administrator named it
  uint64_t bytes = 0;
  std::string digest;  // "sha256:..." of the file; empty when it did not come into being
  uint64_t submissions = 0;
  uint64_t receipts = 0;
  bool restored = false;  // the trial succeeded
  std::string message;    // why not
  std::string by;
};

/// Thread-safe. Durable when a call returns. Errors as in store.h.
class AdministrationStore {
 public:
  virtual ~AdministrationStore() = default;

  virtual absl::Status AddInvitation(const Invitation& invitation) = 0;  // AlreadyExists
  /// By the certificate of the invitation file. NotFound.
  virtual absl::StatusOr<Invitation> InvitationOf(const std::string& bootstrap) const = 0;
  virtual absl::StatusOr<std::vector<Invitation>> Invitations() const = 0;  // newest first
  /// The invitation is used up and the request stands: both or neither. PermissionDenied for a wrong code,
  /// which counts as an attempt; FailedPrecondition when it is not open, expired at `request.asked`, or had
  /// `most_attempts` wrong codes.
  virtual absl::Status Redeem(const std::string& bootstrap, const std::string& code_hash,
                              uint64_t most_attempts, const EnrolmentRequest& request) = 0;
  /// FailedPrecondition when it is not open, NotFound.
  virtual absl::Status WithdrawInvitation(const std::string& id) = 0;

  /// Of a renewal. AlreadyExists while another of the same holder waits.
  virtual absl::Status AddEnrolmentRequest(const EnrolmentRequest& request) = 0;
  virtual absl::StatusOr<EnrolmentRequest> GetEnrolmentRequest(const std::string& id) const = 0;  // NotFound
  virtual absl::StatusOr<std::vector<EnrolmentRequest>> EnrolmentRequests() const = 0;  // newest first
  /// `request` says what was decided. FailedPrecondition when it waits no more, NotFound.
  virtual absl::Status DecideEnrolmentRequest(const EnrolmentRequest& request) = 0;

  virtual absl::Status AddRevocation(const Revocation& revocation) = 0;  // the first reason stays
  virtual absl::StatusOr<std::vector<Revocation>> Revocations() const = 0;

  virtual absl::Status AddBackup(const BackupNote& backup) = 0;
  virtual absl::StatusOr<std::vector<BackupNote>> Backups() const = 0;  // newest first

  /// control.db as it is at one moment, into the new file `path`, while others go on writing.
  virtual absl::Status CopyControl(const std::string& path) const = 0;
};

/// The administration of a store that OpenSqliteStore opened; lives as long as the store.
AdministrationStore& AdministrationOf(Store& store);

/// What a copy of control.db names.
struct StoreContents {
  std::vector<std::string> files;  // of attempts, relative to the store's folder
  std::vector<std::string> attempts;
  uint64_t submissions = 0;  // accepted, in any state
  uint64_t receipts = 0;
  int64_t version = 0;
};
absl::StatusOr<StoreContents> ContentsOfControl(const std::string& control_path);
/// SQLite's own integrity check of control.db and of every file that it names. DataLoss names the file. The
/// store must not be open.
absl::Status CheckStoreIntegrity(const std::string& folder);

/// Puts control.db back as it was before the last start that changed its schema. Returns what was done, in
/// one sentence. FailedPrecondition when there is nothing to put back, or when something was stored since
/// (the message says what would be lost); Unavailable while a host has the store open.
absl::StatusOr<std::string> UndoUpgrade(const std::string& folder);

}  // namespace concordat::store
