// The life of adapters while the host runs: installed, put in use, disabled, enabled again. New submissions
// take what is in force when they begin; those under way finish on what they began with. Every change stands
// in the audit log before it takes effect.
#pragma once

#include <string>

#include "host/base/source.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// Reads all folders again and puts the result in force, with the versions that were chosen. `issues` says
/// what was left out. To be called once the store is open.
absl::Status ReadAdapters(const HostParts& host, Issues& issues);

/// Enters the decision (its time and receipt are filled in) and puts it in force. `digest`: of the library
/// that it is about; may be empty.
absl::Status DecideAboutAdapter(const HostParts& host, store::AdapterDecision decision,
                                const std::string& digest);

struct AdapterRequest {
  Caller caller;
  std::string adapter;
  std::string version;  // empty: all versions, or the newest
  std::string folder;   // on the host's machine: where a version to install lies
  FeedId feed;          // of a quarantine; empty: all feeds
  std::string reason;
};
/// All of these are for administrators. NotFound for an adapter or version that is not installed; the answer
/// is what ListAdapters says of the adapter, with `did`, one sentence for people.
///
/// Ends disablement and quarantine of the version, or of all versions.
absl::StatusOr<json::Value> EnableAdapter(const HostParts& host, const AdapterRequest& request);
/// New submissions are refused until it is enabled; those of another version go on. Needs a reason.
absl::StatusOr<json::Value> DisableAdapter(const HostParts& host, const AdapterRequest& request);
/// Puts a version in use for all feeds that pin none: the one in `folder`, which is installed first (empty
/// adapter: whatever it holds), else `version`, else the newest. FailedPrecondition when nobody vouches for
/// it, its library cannot run here, or a feed sets an option that it does not have.
absl::StatusOr<json::Value> UpgradeAdapter(const HostParts& host, const AdapterRequest& request);
/// ReadAdapters, for an administrator who changed a folder by hand.
absl::StatusOr<json::Value> ReloadAdapters(const HostParts& host, const Caller& caller);

/// Every installed version: [{name, version, description, digest, formats, options, rules, abi, trust, inUse,
/// state, feeds ...}]; for an administrator with folder, failures, quarantines and what was refused.
absl::StatusOr<json::Value> ListAdapters(const HostParts& host, const Caller& caller);
/// For `host status`: [{name, version, state, inUse, feeds, failures, failuresInARow, quarantinedFor}].
absl::StatusOr<json::Array> AdapterHealth(const HostParts& host);

}  // namespace concordat::flows
