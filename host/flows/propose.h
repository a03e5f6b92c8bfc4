// A first contract for a file: its profile suggests rules, the engine tries them on every record, what holds
// is proposed with its evidence.
#pragma once

#include "absl/time/time.h"
#include "host/flows/profile.h"
#include "host/profile/proposal_yaml.h"

namespace concordat::flows {

struct ProposeRequest {
  ProfileRequest profile;
  std::string dataset;  // letters, digits, _; empty: made from the file's name
  std::string partner;  // who supplies it
  absl::Time as_of;
  const adapters::Catalog* catalog = nullptr;
};

/// Rules that held for fewer than 95% of the records that they measured are left out. Errors as
/// ProfileSource; InvalidArgument when the file has no records.
absl::StatusOr<profile::Proposal> ProposeContract(const ProposeRequest& request);

}  // namespace concordat::flows
