#include "host/store/sqlite/enrolments.h"

#include <mutex>
#include <utility>

#include "fmt/format.h"

namespace concordat::store {
namespace {

absl::StatusOr<std::vector<Enrolment>> ReadEnrolments(Connection& control) {
  std::vector<Enrolment> enrolments;
  Query query = control.Prepare(
      "SELECT fingerprint, spiffe_id, partner, role, name, certificate, enrolled, revoked FROM enrolments"
      " ORDER BY enrolled, fingerprint");
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) return enrolments;
    Enrolment enrolment;
    enrolment.fingerprint = query.String(0);
    enrolment.spiffe_id = query.String(1);
    enrolment.partner = PartnerId(query.Text(2));
    enrolment.role = query.String(3);
    enrolment.name = query.String(4);
    enrolment.certificate = query.String(5);
    ASSIGN_OR_RETURN(enrolment.enrolled, query.Time(6));
    enrolment.revoked = query.Integer(7) != 0;
    enrolments.push_back(std::move(enrolment));
  }
}

}  // namespace

absl::Status SqliteEnrolments::Load() {
  ASSIGN_OR_RETURN(std::vector<Enrolment> enrolments, ListEnrolments());
  const std::unique_lock lock(mutex_);
  for (Enrolment& enrolment : enrolments) by_fingerprint_[enrolment.fingerprint] = std::move(enrolment);
  return absl::OkStatus();
}

absl::Status SqliteEnrolments::Enrol(const Enrolment& enrolment) {
  const absl::Status status = control_.Write([&](Connection& control) {
    return control.Prepare("INSERT INTO enrolments VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(enrolment.fingerprint)
        .Bind(enrolment.spiffe_id)
        .Bind(enrolment.partner.str())
        .Bind(enrolment.role)
        .Bind(enrolment.name)
        .Bind(enrolment.certificate)
        .Bind(enrolment.enrolled)
        .Bind(int64_t{enrolment.revoked})
        .Run();
  });
  if (absl::IsAlreadyExists(status)) {
    return absl::AlreadyExistsError(
        fmt::format("certificate {} is or was enrolled already", enrolment.fingerprint));
  }
  RETURN_IF_ERROR(status);
  const std::unique_lock lock(mutex_);
  by_fingerprint_.emplace(enrolment.fingerprint, enrolment);
  return absl::OkStatus();
}

absl::Status SqliteEnrolments::Revoke(const std::string& fingerprint) {
  RETURN_IF_ERROR(control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(
        control.Prepare("UPDATE enrolments SET revoked = 1 WHERE fingerprint = ?").Bind(fingerprint).Run());
    if (control.changes() == 1) return absl::OkStatus();
    return absl::NotFoundError(fmt::format("certificate {} is not enrolled", fingerprint));
  }));
  const std::unique_lock lock(mutex_);
  by_fingerprint_[fingerprint].revoked = true;
  return absl::OkStatus();
}

absl::StatusOr<Enrolment> SqliteEnrolments::FindEnrolment(const std::string& fingerprint) const {
  const std::shared_lock lock(mutex_);
  const auto found = by_fingerprint_.find(fingerprint);
  if (found != by_fingerprint_.end()) return found->second;
  return absl::NotFoundError(fmt::format("certificate {} is not enrolled", fingerprint));
}

absl::StatusOr<std::vector<Enrolment>> SqliteEnrolments::ListEnrolments() const {
  return control_.Read(ReadEnrolments);
}

}  // namespace concordat::store
