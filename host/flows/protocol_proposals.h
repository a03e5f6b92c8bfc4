// Protocols that were proposed to this host: kept below data_dir/proposals, part of its policies from then
// on.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// All proposals of `folder`, by name; none when there is no such folder.
absl::StatusOr<std::vector<policy::Addition>> ReadProposals(const std::string& folder);

/// One proposal as it came.
struct Proposal {
  Caller caller;
  std::string name;  // of the author's file, for messages
  std::string text;  // YAML
};

/// The document as an addition to a policy set; `text` need not be a protocol, the set says so then.
policy::Addition AdditionOf(const std::string& name, const std::string& text);

/// Lints it with the whole of the policies in force and puts both in force at once, with `put_in_force`,
/// which may refuse; a proposal that nobody has signed may be replaced under its version. One caller at a
/// time. `issues` gets every mistake. FailedPrecondition when there were mistakes, or when the policies'
/// folder is no longer what is in force; AlreadyExists when the version is there; PermissionDenied unless the
/// caller is a delegate of a party, or an administrator.
absl::StatusOr<json::Value> ProposeProtocol(
    const HostParts& host, const Proposal& proposal,
    const std::function<absl::Status(std::shared_ptr<const LoadedPolicies>)>& put_in_force, Issues& issues);

}  // namespace concordat::flows
