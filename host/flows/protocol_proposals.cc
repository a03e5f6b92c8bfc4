#include "host/flows/protocol_proposals.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "fmt/format.h"
#include "host/base/files.h"
#include "host/flows/protocol_facts.h"
#include "host/flows/protocol_views.h"
#include "host/flows/receipts.h"
#include "host/policy/reader.h"

namespace concordat::flows {
namespace {

constexpr std::string_view kPlace = "protocols/";

std::string FileOf(const HostParts& host, const policy::Addition& addition) {
  return host.ProposalFolder() + "/" + addition.path.substr(kPlace.size());
}

const policy::SharingProtocol* Find(const policy::PolicySet& set, const std::string& path) {
  const auto found =
      std::find_if(set.protocols.begin(), set.protocols.end(),
                   [&](const policy::SharingProtocol& protocol) { return protocol.path == path; });
  return found == set.protocols.end() ? nullptr : &*found;
}

std::vector<policy::Addition> AdditionsOf(const policy::PolicySet& set) {
  std::vector<policy::Addition> additions;
  for (const auto& [path, text] : set.additions) additions.push_back({path, path, text});
  return additions;
}

// Whatever else changed in the folder must come in by a reload, seen by whoever answers for it.
absl::Status RequireUnchanged(const policy::PolicySet& in_force) {
  Issues ignored;
  const auto now = policy::LoadPolicySet(in_force.folder, ignored, AdditionsOf(in_force));
  if (now != nullptr && now->digest == in_force.digest) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the policies' folder is no longer what is in force; the administrator reloads it first: concordat "
      "host "
      "reload");
}

// A text under which somebody has put a name stays as it is.
absl::Status MayReplace(const HostParts& host, const policy::SharingProtocol& earlier) {
  ASSIGN_OR_RETURN(const std::vector<sharing::Signature> signatures, SignaturesOf(host, earlier.id));
  for (const sharing::Signature& signature : signatures) {
    if (signature.digest != earlier.digest) continue;
    return absl::FailedPreconditionError(
        fmt::format("{} has signed {} {}; propose the changed text under a version of its own",
                    signature.partner.str(), earlier.id.str(), earlier.version));
  }
  return absl::OkStatus();
}

absl::Status RequireDelegateOrAdministrator(const Caller& caller) {
  if (caller.administrator) return absl::OkStatus();
  return RequireRole(caller, caller.partner, {"delegate"}, "propose a protocol");
}

absl::Status RequireParty(const Caller& caller, const policy::SharingProtocol& protocol) {
  if (caller.administrator) return absl::OkStatus();
  for (const policy::Party& party : protocol.parties) {
    if (party.partner == caller.partner) return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      fmt::format("{} is no party of {}, so that its delegate cannot propose it", caller.partner.str(),
                  protocol.id.str()));
}

ReceiptDraft DraftOf(const HostParts& host, const Caller& caller, const policy::SharingProtocol& protocol) {
  ReceiptDraft draft;
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {{"protocol", protocol.id.str()},
                   {"version", protocol.version},
                   {"partner", caller.partner.str()},
                   {"signer", caller.spiffe_id},
                   {"action", "proposed"}};
  draft.digests = {{"protocol", protocol.digest}, {"policy", host.policies->Get()->set->digest}};
  draft.decision = "proposed";
  draft.reasons = {{protocol.id.str(), "proposed; not in force until it is signed"}};
  draft.partner = caller.partner;
  draft.summary = fmt::format("protocol {} {}: proposed by {}", protocol.id.str(), protocol.version,
                              caller.administrator ? "an administrator" : caller.partner.str());
  return draft;
}

}  // namespace

absl::StatusOr<std::vector<policy::Addition>> ReadProposals(const std::string& folder) {
  std::vector<policy::Addition> additions;
  if (!std::filesystem::exists(folder)) return additions;
  ASSIGN_OR_RETURN(const std::vector<std::string> files, ListFiles(folder));
  for (const std::string& file : files) {
    if (!file.ends_with(".yaml")) continue;
    ASSIGN_OR_RETURN(std::string text, ReadFile(folder + "/" + file, policy::ReadLimits().bytes));
    additions.push_back({std::string(kPlace) + file, folder + "/" + file, std::move(text)});
  }
  return additions;
}

policy::Addition AdditionOf(const std::string& name, const std::string& text) {
  Issues later;  // the set reports them with the rest
  const policy::Node node = policy::ReadYaml(std::make_shared<SourceText>(SourceText{name, text}), later);
  std::string file = fmt::format("{}-{}.yaml", node["id"].text(), node["version"].text());
  if (file.find('/') != std::string::npos || file.starts_with('.')) file = "proposal.yaml";
  return {std::string(kPlace) + file, name, text};
}

absl::StatusOr<json::Value> ProposeProtocol(
    const HostParts& host, const Proposal& proposal,
    const std::function<absl::Status(std::shared_ptr<const LoadedPolicies>)>& put_in_force, Issues& issues) {
  RETURN_IF_ERROR(RequireDelegateOrAdministrator(proposal.caller));
  const auto in_force = host.policies->Get();
  RETURN_IF_ERROR(RequireUnchanged(*in_force->set));
  const policy::Addition addition = AdditionOf(proposal.name, proposal.text);
  std::vector<policy::Addition> additions = AdditionsOf(*in_force->set);
  if (const auto* earlier = Find(*in_force->set, addition.path);
      earlier != nullptr && in_force->set->additions.contains(addition.path)) {
    if (in_force->set->additions.at(addition.path) == addition.text)
      return absl::AlreadyExistsError(
          fmt::format("{} {} is proposed already", earlier->id.str(), earlier->version));
    RETURN_IF_ERROR(MayReplace(host, *earlier));
    std::erase_if(additions, [&](const policy::Addition& other) { return other.path == addition.path; });
  }
  additions.push_back(addition);
  auto loaded = LoadPolicies(in_force->set->folder, host.Adapters().get(), issues, additions);
  if (loaded == nullptr) return absl::FailedPreconditionError("the protocol has mistakes; nothing changed");
  const policy::SharingProtocol* protocol = Find(*loaded->set, addition.path);
  if (protocol == nullptr || !loaded->set->additions.contains(addition.path)) {
    return absl::AlreadyExistsError(
        "this version stands in the policies' folder of the host already; it waits for signatures there");
  }
  RETURN_IF_ERROR(RequireParty(proposal.caller, *protocol));
  const std::string file = FileOf(host, addition);
  const absl::StatusOr<std::string> before = ReadFile(file);
  RETURN_IF_ERROR(MakeFolders(host.ProposalFolder(), 0700));
  RETURN_IF_ERROR(WriteFileAtomically(file, addition.text, 0600));
  const absl::Status entered = put_in_force(loaded);
  if (!entered.ok()) {
    if (before.ok()) {
      RETURN_IF_ERROR(WriteFileAtomically(file, *before, 0600));
    } else {
      unlink(file.c_str());
    }
    return entered;
  }
  ASSIGN_OR_RETURN(json::Value receipt, IssueReceipt(host, DraftOf(host, proposal.caller, *protocol)));
  ASSIGN_OR_RETURN(json::Value status, ProtocolStatus(host, protocol->id, protocol->version));
  status.as_object()["receipt"] = std::move(receipt);
  return status;
}

}  // namespace concordat::flows
