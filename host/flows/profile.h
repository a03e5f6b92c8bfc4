// What is in a file, before any contract: how it is read and what stands in its columns.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "host/base/json.h"
#include "host/flows/pipeline.h"
#include "host/profile/column_profile.h"

namespace concordat::flows {

struct ProfileRequest {
  const adapters::Manifest* manifest = nullptr;
  std::string worker;
  adapters::Limits limits;
  Source source;
  std::string unpack = "auto";                               // as in a feed
  std::vector<std::pair<std::string, std::string>> options;  // over the manifest's defaults
  std::function<void(uint64_t records)> progress;            // may be empty
};

/// The file through its adapter, with the request's options. InvalidArgument when an option is unknown.
absl::StatusOr<std::unique_ptr<adapters::Session>> OpenForProfile(const ProfileRequest& request);

struct SourceProfile {
  data::SourceFacts facts;
  std::vector<profile::ColumnProfile> columns;  // in the source's order
};

/// InvalidArgument when the file cannot be read as a whole, or an option is unknown.
absl::StatusOr<SourceProfile> ProfileSource(const ProfileRequest& request);

/// {name, bytes, records, blank, unreadable, encoding, delimiter, headerLine, columns, fields, notes};
/// `columns` are names, `fields` what stands in each.
json::Object ProfileJson(const Source& source, const SourceProfile& profile);

}  // namespace concordat::flows
