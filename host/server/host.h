// One running host: its parts built in order, its listeners, its end.
#pragma once

#include <memory>
#include <string>

#include "host/base/status.h"
#include "host/server/config.h"

namespace concordat::server {

/// Built by Start, gone after the destructor. Thread-safe.
class Host {
 public:
  /// Opens the store and the log, loads adapters and policies, listens. The message of an error is ready for
  /// people; mistakes in policies come with their carets.
  static absl::StatusOr<std::unique_ptr<Host>> Start(const Config& config);
  ~Host();

  /// "127.0.0.1:8443", with the port that was taken.
  const std::string& address() const;
  /// Reads the policies again; logged with the old and the new digest.
  absl::Status Reload();
  /// New calls are refused, running ones get `seconds` to end.
  void Shutdown(int seconds);

 private:
  Host();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace concordat::server
