// Invitations, requests for certificates, reasons of revocations and backups, in control.db.
#pragma once

#include <string>
#include <vector>

#include "host/store/administration.h"
#include "host/store/sqlite/control.h"

namespace concordat::store {

class SqliteAdministration : public AdministrationStore {
 public:
  SqliteAdministration(Control& control, std::string control_path)
      : control_(control), control_path_(std::move(control_path)) {}

  absl::Status AddInvitation(const Invitation& invitation) override;
  absl::StatusOr<Invitation> InvitationOf(const std::string& bootstrap) const override;
  absl::StatusOr<std::vector<Invitation>> Invitations() const override;
  absl::Status Redeem(const std::string& bootstrap, const std::string& code_hash, uint64_t most_attempts,
                      const EnrolmentRequest& request) override;
  absl::Status WithdrawInvitation(const std::string& id) override;

  absl::Status AddEnrolmentRequest(const EnrolmentRequest& request) override;
  absl::StatusOr<EnrolmentRequest> GetEnrolmentRequest(const std::string& id) const override;
  absl::StatusOr<std::vector<EnrolmentRequest>> EnrolmentRequests() const override;
  absl::Status DecideEnrolmentRequest(const EnrolmentRequest& request) override;

  absl::Status AddRevocation(const Revocation& revocation) override;
  absl::StatusOr<std::vector<Revocation>> Revocations() const override;

  absl::Status AddBackup(const BackupNote& backup) override;
  absl::StatusOr<std::vector<BackupNote>> Backups() const override;
  absl::Status CopyControl(const std::string& path) const override;

 private:
  Control& control_;
  const std::string control_path_;
};

}  // namespace concordat::store
