// control.db: one connection that writes, a few that read beside it (WAL: neither waits for the other).
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "host/store/sqlite/connection.h"

namespace concordat::store {

/// The control database, opened once a process. Thread-safe.
class Control {
 public:
  /// Opens or creates, and migrates.
  static absl::StatusOr<std::unique_ptr<Control>> Open(const std::string& path);

  /// Runs body(Connection&) -> absl::Status in one transaction: all of it durable on OK, none of it
  /// otherwise.
  template <typename Body>
  absl::Status Write(Body body) {
    const std::lock_guard lock(write_mutex_);
    RETURN_IF_ERROR(writer_->Execute("BEGIN IMMEDIATE"));
    absl::Status status = body(*writer_);
    if (status.ok()) status = writer_->Execute("COMMIT");
    if (!status.ok()) writer_->Execute("ROLLBACK").IgnoreError();
    return status;
  }

  /// Moves the log into the database and empties it, so that nothing of earlier pages is left there.
  /// Unavailable while somebody reads.
  absl::Status TruncateLog();

  /// Runs body(Connection&) -> absl::StatusOr<T> on a connection of its own and hands its answer on.
  template <typename Body>
  auto Read(Body body) -> decltype(body(std::declval<Connection&>())) {
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> reader, Borrow());
    auto answer = body(*reader);
    Return(std::move(reader));
    return answer;
  }

 private:
  Control(std::string path, std::unique_ptr<Connection> writer)
      : path_(std::move(path)), writer_(std::move(writer)) {}
  absl::StatusOr<std::unique_ptr<Connection>> Borrow();
  void Return(std::unique_ptr<Connection> reader);

  const std::string path_;

  std::mutex write_mutex_;
  const std::unique_ptr<Connection> writer_;  // guarded by write_mutex_

  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<Connection>> idle_readers_;  // guarded by readers_mutex_
};

}  // namespace concordat::store
