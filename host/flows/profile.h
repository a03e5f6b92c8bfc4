// What is in a file, before any contract: how it is read and which columns it has.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/base/json.h"
#include "host/flows/pipeline.h"

namespace concordat::flows {

struct ProfileRequest {
  const adapters::Manifest* manifest = nullptr;
  std::string worker;
  adapters::Limits limits;
  Source source;
  std::vector<std::pair<std::string, std::string>> options;  // over the manifest's defaults
};

/// {name, bytes, records, blank, unreadable, encoding, delimiter, headerLine, columns, notes}.
/// InvalidArgument when the file cannot be read as a whole, or an option is unknown.
absl::StatusOr<json::Object> ProfileSource(const ProfileRequest& request);

}  // namespace concordat::flows
