// How an adapter says that something went well or did not; free of anything in host/.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "plugins/sdk/adapter_abi.h"

namespace concordat::sdk {

/// OK, "the source cannot be read as a whole" (for the steward who sent it) or "the adapter failed" (for
/// administrators). A single bad record is none of these: it is BatchBuilder::AddUnreadable.
class [[nodiscard]] Status {
 public:
  Status() = default;
  static Status Ok() { return {}; }
  static Status SourceUnreadable(std::string message) {
    return {CONCORDAT_SOURCE_UNREADABLE, std::move(message)};
  }
  static Status Failed(std::string message) { return {CONCORDAT_FAILED, std::move(message)}; }

  bool ok() const { return code_ == CONCORDAT_OK; }
  int32_t code() const { return code_; }
  const std::string& message() const { return message_; }

 private:
  Status(int32_t code, std::string message) : code_(code), message_(std::move(message)) {}

  int32_t code_ = CONCORDAT_OK;
  std::string message_;
};

}  // namespace concordat::sdk
