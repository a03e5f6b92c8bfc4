#include "host/store/sqlite/administration.h"

#include <utility>

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/store/sqlite/control_copy.h"

namespace concordat::store {
namespace {

constexpr char kInvitation[] =
    "SELECT id, spiffe_id, code_hash, bootstrap, created_by, created, expires, attempts, state FROM "
    "invitations";
constexpr char kRequest[] =
    "SELECT id, invitation, spiffe_id, asked_with, request, asked, state, certificate, decided_by, decided, "
    "reason"
    " FROM enrolment_requests";

absl::StatusOr<Invitation> ReadInvitation(const Query& query) {
  Invitation invitation;
  invitation.id = query.String(0);
  invitation.spiffe_id = query.String(1);
  invitation.code_hash = query.String(2);
  invitation.bootstrap = query.String(3);
  invitation.created_by = query.String(4);
  ASSIGN_OR_RETURN(invitation.created, query.Time(5));
  ASSIGN_OR_RETURN(invitation.expires, query.Time(6));
  invitation.attempts = static_cast<uint64_t>(query.Integer(7));
  invitation.state = query.String(8);
  return invitation;
}

absl::StatusOr<EnrolmentRequest> ReadRequest(const Query& query) {
  EnrolmentRequest request;
  request.id = query.String(0);
  request.invitation = query.String(1);
  request.spiffe_id = query.String(2);
  request.asked_with = query.String(3);
  request.request = query.String(4);
  ASSIGN_OR_RETURN(request.asked, query.Time(5));
  request.state = query.String(6);
  request.certificate = query.String(7);
  request.decided_by = query.String(8);
  ASSIGN_OR_RETURN(request.decided, query.OptionalTime(9));
  request.reason = query.String(10);
  return request;
}

absl::StatusOr<Revocation> ReadRevocation(const Query& query) {
  ASSIGN_OR_RETURN(const absl::Time at, query.Time(1));
  return Revocation{query.String(0), at, query.String(2), query.String(3)};
}

absl::StatusOr<BackupNote> ReadBackup(const Query& query) {
  BackupNote backup;
  ASSIGN_OR_RETURN(backup.at, query.Time(0));
  backup.file = query.String(1);
  backup.bytes = static_cast<uint64_t>(query.Integer(2));
  backup.digest = query.String(3);
  backup.submissions = static_cast<uint64_t>(query.Integer(4));
  backup.receipts = static_cast<uint64_t>(query.Integer(5));
  backup.restored = query.Integer(6) != 0;
  backup.message = query.String(7);
  backup.by = query.String(8);
  return backup;
}

absl::Status Insert(Connection& control, const EnrolmentRequest& request) {
  return control.Prepare("INSERT INTO enrolment_requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .Bind(request.id)
      .Bind(request.invitation)
      .Bind(request.spiffe_id)
      .Bind(request.asked_with)
      .Bind(request.request)
      .Bind(request.asked)
      .Bind(request.state)
      .Bind(request.certificate)
      .Bind(request.decided_by)
      .Bind(request.decided)
      .Bind(request.reason)
      .Run();
}

absl::StatusOr<Invitation> FindInvitation(Connection& control, const std::string& bootstrap) {
  Query query = control.Prepare(fmt::format("{} WHERE bootstrap = ?", kInvitation));
  query.Bind(bootstrap);
  ASSIGN_OR_RETURN(const bool found, query.Next());
  if (!found) return absl::NotFoundError("this certificate belongs to no invitation of this host");
  return ReadInvitation(query);
}

absl::Status CheckOpen(const Invitation& invitation, absl::Time now, uint64_t most_attempts) {
  if (invitation.state == "used") {
    return absl::FailedPreconditionError(
        "this invitation was used already. If it was not you who used it, tell the host's administrator at "
        "once");
  }
  if (invitation.state != "open")
    return absl::FailedPreconditionError(
        "this invitation was withdrawn; ask the host's administrator for another");
  if (now >= invitation.expires) {
    return absl::FailedPreconditionError(
        fmt::format("this invitation ended on {}; ask the host's administrator for another",
                    TimeText(invitation.expires)));
  }
  if (invitation.attempts < most_attempts) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("this invitation is closed after {} wrong codes; ask the host's administrator for another",
                  invitation.attempts));
}

// Neither how far two texts agree nor where they differ can be told from the time it takes.
bool SameText(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < left.size(); ++i)
    difference |= static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(right[i]);
  return difference == 0;
}

}  // namespace

absl::Status SqliteAdministration::AddInvitation(const Invitation& invitation) {
  return control_.Write([&](Connection& control) {
    return control.Prepare("INSERT INTO invitations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(invitation.id)
        .Bind(invitation.spiffe_id)
        .Bind(invitation.code_hash)
        .Bind(invitation.bootstrap)
        .Bind(invitation.created_by)
        .Bind(invitation.created)
        .Bind(invitation.expires)
        .Bind(static_cast<int64_t>(invitation.attempts))
        .Bind(invitation.state)
        .Run();
  });
}

absl::StatusOr<Invitation> SqliteAdministration::InvitationOf(const std::string& bootstrap) const {
  return control_.Read([&](Connection& control) { return FindInvitation(control, bootstrap); });
}

absl::StatusOr<std::vector<Invitation>> SqliteAdministration::Invitations() const {
  return control_.Read([](Connection& control) {
    Query query = control.Prepare(fmt::format("{} ORDER BY created DESC, id", kInvitation));
    return ReadAll(query, ReadInvitation);
  });
}

absl::Status SqliteAdministration::Redeem(const std::string& bootstrap, const std::string& code_hash,
                                          uint64_t most_attempts, const EnrolmentRequest& request) {
  absl::Status answer;  // a wrong code is written down, so that it is no failure of the transaction
  RETURN_IF_ERROR(control_.Write([&](Connection& control) -> absl::Status {
    ASSIGN_OR_RETURN(const Invitation invitation, FindInvitation(control, bootstrap));
    RETURN_IF_ERROR(CheckOpen(invitation, request.asked, most_attempts));
    if (!SameText(invitation.code_hash, code_hash)) {
      const uint64_t left = most_attempts - invitation.attempts - 1;
      answer = absl::PermissionDeniedError(
          fmt::format("the code is not the one of this invitation; {} left",
                      left == 1 ? "1 more try is" : fmt::format("{} more tries are", left)));
      return control.Prepare("UPDATE invitations SET attempts = attempts + 1 WHERE id = ?")
          .Bind(invitation.id)
          .Run();
    }
    RETURN_IF_ERROR(
        control.Prepare("UPDATE invitations SET state = 'used' WHERE id = ?").Bind(invitation.id).Run());
    return Insert(control, request);
  }));
  return answer;
}

absl::Status SqliteAdministration::WithdrawInvitation(const std::string& id) {
  return control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(
        control.Prepare("UPDATE invitations SET state = 'withdrawn' WHERE id = ? AND state = 'open'")
            .Bind(id)
            .Run());
    if (control.changes() == 1) return absl::OkStatus();
    return absl::NotFoundError(fmt::format("there is no open invitation {}", id));
  });
}

absl::Status SqliteAdministration::AddEnrolmentRequest(const EnrolmentRequest& request) {
  return control_.Write([&](Connection& control) -> absl::Status {
    Query waiting = control.Prepare(
        "SELECT id FROM enrolment_requests WHERE spiffe_id = ? AND invitation = '' AND state = 'waiting'");
    waiting.Bind(request.spiffe_id);
    ASSIGN_OR_RETURN(const bool found, waiting.Next());
    if (!found) return Insert(control, request);
    return absl::AlreadyExistsError(fmt::format(
        "{} waits for the administrator already (request {}); collect it with --resume, or let the "
        "administrator refuse it first",
        request.spiffe_id, waiting.String(0)));
  });
}

absl::StatusOr<EnrolmentRequest> SqliteAdministration::GetEnrolmentRequest(const std::string& id) const {
  return control_.Read([&](Connection& control) -> absl::StatusOr<EnrolmentRequest> {
    Query query = control.Prepare(fmt::format("{} WHERE id = ?", kRequest));
    query.Bind(id);
    ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return absl::NotFoundError(fmt::format("there is no request {}", id));
    return ReadRequest(query);
  });
}

absl::StatusOr<std::vector<EnrolmentRequest>> SqliteAdministration::EnrolmentRequests() const {
  return control_.Read([](Connection& control) {
    Query query = control.Prepare(fmt::format("{} ORDER BY asked DESC, id", kRequest));
    return ReadAll(query, ReadRequest);
  });
}

absl::Status SqliteAdministration::DecideEnrolmentRequest(const EnrolmentRequest& request) {
  return control_.Write([&](Connection& control) -> absl::Status {
    RETURN_IF_ERROR(
        control
            .Prepare("UPDATE enrolment_requests SET state = ?, certificate = ?, decided_by = ?, decided = ?, "
                     "reason = ? WHERE id = ? AND state = 'waiting'")
            .Bind(request.state)
            .Bind(request.certificate)
            .Bind(request.decided_by)
            .Bind(request.decided)
            .Bind(request.reason)
            .Bind(request.id)
            .Run());
    if (control.changes() == 1) return absl::OkStatus();
    return absl::FailedPreconditionError(fmt::format("there is no request {} that waits", request.id));
  });
}

absl::Status SqliteAdministration::AddRevocation(const Revocation& revocation) {
  return control_.Write([&](Connection& control) {
    return control.Prepare("INSERT OR IGNORE INTO revocations VALUES (?, ?, ?, ?)")
        .Bind(revocation.fingerprint)
        .Bind(revocation.at)
        .Bind(revocation.by)
        .Bind(revocation.reason)
        .Run();
  });
}

absl::StatusOr<std::vector<Revocation>> SqliteAdministration::Revocations() const {
  return control_.Read([](Connection& control) {
    Query query =
        control.Prepare("SELECT fingerprint, at, by, reason FROM revocations ORDER BY at, fingerprint");
    return ReadAll(query, ReadRevocation);
  });
}

absl::Status SqliteAdministration::AddBackup(const BackupNote& backup) {
  return control_.Write([&](Connection& control) {
    return control
        .Prepare(
            "INSERT INTO backups (at, file, bytes, digest, submissions, receipts, restored, message, by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(backup.at)
        .Bind(backup.file)
        .Bind(static_cast<int64_t>(backup.bytes))
        .Bind(backup.digest)
        .Bind(static_cast<int64_t>(backup.submissions))
        .Bind(static_cast<int64_t>(backup.receipts))
        .Bind(int64_t{backup.restored})
        .Bind(backup.message)
        .Bind(backup.by)
        .Run();
  });
}

absl::StatusOr<std::vector<BackupNote>> SqliteAdministration::Backups() const {
  return control_.Read([](Connection& control) {
    Query query = control.Prepare(
        "SELECT at, file, bytes, digest, submissions, receipts, restored, message, by FROM backups"
        " ORDER BY sequence DESC");
    return ReadAll(query, ReadBackup);
  });
}

absl::Status SqliteAdministration::CopyControl(const std::string& path) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> from,
                   Connection::Open(control_path_, Connection::Mode::kReader));
  return CopyDatabase(*from, path);
}

}  // namespace concordat::store
