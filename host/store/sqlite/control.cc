#include "host/store/sqlite/control.h"

#include "host/store/sqlite/control_schema.h"

namespace concordat::store {

constexpr size_t kIdleReaders = 8;  // more readers than this at once are opened and closed again

absl::StatusOr<std::unique_ptr<Control>> Control::Open(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> writer, Connection::Open(path, Connection::Mode::kShared));
  RETURN_IF_ERROR(MigrateControl(*writer));
  return std::unique_ptr<Control>(new Control(path, std::move(writer)));
}

absl::Status Control::TruncateLog() {
  const std::lock_guard lock(write_mutex_);
  ASSIGN_OR_RETURN(const int64_t busy, writer_->ReadInteger("PRAGMA wal_checkpoint(TRUNCATE)"));
  return busy == 0 ? absl::OkStatus() : absl::UnavailableError("control.db is being read");
}

absl::StatusOr<std::unique_ptr<Connection>> Control::Borrow() {
  {
    const std::lock_guard lock(readers_mutex_);
    if (!idle_readers_.empty()) {
      std::unique_ptr<Connection> reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
      return reader;
    }
  }
  return Connection::Open(path_, Connection::Mode::kReader);
}

void Control::Return(std::unique_ptr<Connection> reader) {
  const std::lock_guard lock(readers_mutex_);
  if (idle_readers_.size() < kIdleReaders) idle_readers_.push_back(std::move(reader));
}

}  // namespace concordat::store
