#include "host/flows/adapter_life.h"

#include <algorithm>
#include <filesystem>

#include "fmt/format.h"
#include "host/flows/adapter_install.h"
#include "host/flows/adapter_standing.h"
#include "host/flows/catalog.h"
#include "host/flows/receipts.h"
#include "host/policy/issue_json.h"

namespace concordat::flows {
namespace {

using adapters::Manifest;
using store::AdapterDecision;

absl::StatusOr<AdapterStanding> StandingOf(const HostParts& host) {
  ASSIGN_OR_RETURN(const std::vector<AdapterDecision> decisions, host.store->AdapterDecisions());
  return AdapterStanding(decisions);
}

absl::Status Choose(const HostParts& host, const adapters::Catalog& catalog) {
  ASSIGN_OR_RETURN(const AdapterStanding standing, StandingOf(host));
  host.catalog->Replace(catalog.WithChosen(standing.InUse(catalog)));
  return absl::OkStatus();
}

// `name`, with the version where one is named.
std::string Named(const std::string& name, const std::string& version) {
  return version.empty() ? name : name + " " + version;
}

absl::StatusOr<const Manifest*> Installed(const adapters::Catalog& catalog, const std::string& name,
                                          const std::string& version) {
  const Manifest* const manifest = catalog.Find(name, version);
  if (manifest != nullptr) return manifest;
  std::vector<std::string> names;
  for (const Manifest& known : catalog.all()) names.push_back(known.name);
  const bool unknown = catalog.Find(name) == nullptr;
  return absl::NotFoundError(
      fmt::format("{}{}", catalog.WhyMissing(name, version), unknown ? "; " + DidYouMean(name, names) : ""));
}

std::vector<const policy::Feed*> FeedsOf(const HostParts& host, const policy::PolicySet& set,
                                         const Manifest& manifest) {
  std::vector<const policy::Feed*> feeds;
  const auto catalog = host.Adapters();
  for (const policy::Feed& feed : set.feeds) {
    const Manifest* const used = catalog->Find(feed.adapter, feed.adapter_version);
    if (used != nullptr && used->name == manifest.name && used->version == manifest.version)
      feeds.push_back(&feed);
  }
  return feeds;
}

// What the feeds that pin no version ask of the adapter, the version must have.
absl::Status RequireOptions(const HostParts& host, const Manifest& manifest) {
  const auto policies = host.policies->Get();
  Issues issues;
  for (const policy::Feed& feed : policies->set->feeds) {
    if (feed.adapter != manifest.name || !feed.adapter_version.empty()) continue;
    adapters::Catalog::ResolveOptions(manifest, feed.adapter_options, issues);
  }
  if (!issues.has_errors()) return absl::OkStatus();
  std::string text;
  for (const Issue& issue : issues.list()) text += RenderIssue(issue);
  return absl::FailedPreconditionError(fmt::format(
      "{}version {} of {} does not fit these feeds; nothing changed. Change the feeds, or let them "
      "name the version that they need (adapter: {{version: ...}})",
      text, manifest.version, manifest.name));
}

AdapterDecision DecisionOf(const AdapterRequest& request, const char* what) {
  AdapterDecision decision;
  decision.adapter = request.adapter;
  decision.version = request.version;
  decision.feed = request.feed;
  decision.what = what;
  decision.by = request.caller.spiffe_id;
  decision.reason = request.reason;
  return decision;
}

json::Object TallyJson(const store::AdapterTally& tally) {
  return {{"feed", tally.feed.str()},
          {"failures", tally.failures},
          {"failuresInARow", tally.in_a_row},
          {"last", json::Object{{"kind", tally.last.kind},
                                {"cause", tally.last.cause},
                                {"at", TimeText(tally.last.at)},
                                {"submission", tally.last.submission},
                                {"by", tally.last.by}}}};
}

json::Object DecisionJson(const AdapterDecision& decision) {
  json::Object entry{{"since", TimeText(decision.at)}, {"reason", decision.reason}, {"by", decision.by}};
  if (!decision.feed.empty()) entry["feed"] = decision.feed.str();
  return entry;
}

/// What everything below is told from, read once.
struct Known {
  std::shared_ptr<const adapters::Catalog> catalog;
  std::shared_ptr<const LoadedPolicies> policies;
  AdapterStanding standing;
  std::vector<store::AdapterTally> tallies;

  static absl::StatusOr<Known> Read(const HostParts& host) {
    ASSIGN_OR_RETURN(AdapterStanding standing, StandingOf(host));
    ASSIGN_OR_RETURN(std::vector<store::AdapterTally> tallies, host.store->AdapterTallies());
    return Known{host.Adapters(), host.policies->Get(), std::move(standing), std::move(tallies)};
  }

  std::string StateOf(const Manifest& manifest) const {
    if (!manifest.unfit.empty()) return "unfit";
    if (standing.Disabled(manifest.name, manifest.version) != nullptr) return "disabled";
    return standing.Quarantines(manifest.name, manifest.version).empty() ? "enabled" : "quarantined";
  }
  std::vector<store::AdapterTally> TalliesOf(const Manifest& manifest) const {
    std::vector<store::AdapterTally> found;
    std::copy_if(tallies.begin(), tallies.end(), std::back_inserter(found),
                 [&](const store::AdapterTally& tally) {
                   return tally.adapter == manifest.name && tally.version == manifest.version;
                 });
    return found;
  }
};

json::Array FeedNames(const HostParts& host, const Known& known, const Manifest& manifest) {
  json::Array feeds;
  for (const policy::Feed* feed : FeedsOf(host, *known.policies->set, manifest))
    feeds.emplace_back(feed->id.str());
  return feeds;
}

void AddForAdministrators(const Known& known, const Manifest& manifest, json::Object& entry) {
  entry["folder"] = manifest.folder;
  if (!manifest.trusted_by.empty()) entry["trustedBy"] = manifest.trusted_by;
  if (const auto* const disabled = known.standing.Disabled(manifest.name, manifest.version))
    entry["disabled"] = DecisionJson(*disabled);
  json::Array quarantines;
  for (const AdapterDecision* quarantine : known.standing.Quarantines(manifest.name, manifest.version))
    quarantines.push_back(DecisionJson(*quarantine));
  entry["quarantines"] = std::move(quarantines);
  json::Array failures;
  for (const store::AdapterTally& tally : known.TalliesOf(manifest)) failures.push_back(TallyJson(tally));
  entry["failures"] = std::move(failures);
}

json::Object EntryOf(const HostParts& host, const Known& known, const Manifest& manifest, bool whole) {
  json::Object entry = AdapterJson(*known.catalog, manifest);
  entry["state"] = known.StateOf(manifest);
  entry["feeds"] = FeedNames(host, known, manifest);
  if (whole) AddForAdministrators(known, manifest, entry);
  return entry;
}

absl::StatusOr<json::Value> Answer(const HostParts& host, const std::string& name, const std::string& did) {
  ASSIGN_OR_RETURN(const Known known, Known::Read(host));
  json::Array versions;
  for (const Manifest& manifest : known.catalog->all()) {
    if (manifest.name == name) versions.push_back(EntryOf(host, known, manifest, true));
  }
  return json::Object{{"adapter", name}, {"did", did}, {"versions", std::move(versions)}};
}

absl::Status Reread(const HostParts& host, Issues& issues) {
  adapters::Catalog catalog =
      adapters::Catalog::Load(host.adapter_rules.folders, host.adapter_rules.trust, issues);
  catalog.TakeSealedFrom(*host.Adapters());
  return Choose(host, catalog);
}

// In the order in which things become true: the log, the store, the next submission.
absl::Status Decide(const HostParts& host, AdapterDecision decision, const std::string& digest) {
  decision.at = host.clock->Now();
  ReceiptDraft draft;
  draft.id = NewRandomId("R-");
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {{"action", "adapter"},
                   {"how", decision.what},
                   {"adapter", decision.adapter},
                   {"version", decision.version},
                   {"by", decision.by}};
  if (!decision.feed.empty()) draft.subject["feed"] = decision.feed.str();
  if (!digest.empty()) draft.digests = {{"adapter", digest}};
  draft.decision = decision.what == "use" ? "in_use" : decision.what + "d";
  draft.reasons = {{decision.what, decision.reason}};
  draft.summary =
      fmt::format("adapter {}{}: {}", Named(decision.adapter, decision.version),
                  decision.feed.empty() ? "" : " for feed " + decision.feed.str(), draft.decision);
  RETURN_IF_ERROR(IssueReceipt(host, draft).status());
  decision.receipt = draft.id;
  RETURN_IF_ERROR(host.store->AddAdapterDecision(decision));
  return Choose(host, *host.Adapters());
}

}  // namespace

absl::Status DecideAboutAdapter(const HostParts& host, AdapterDecision decision, const std::string& digest) {
  const std::lock_guard lock(host.catalog->changing());
  return Decide(host, std::move(decision), digest);
}

absl::Status ReadAdapters(const HostParts& host, Issues& issues) {
  const std::lock_guard lock(host.catalog->changing());
  return Reread(host, issues);
}

absl::StatusOr<json::Value> EnableAdapter(const HostParts& host, const AdapterRequest& request) {
  RETURN_IF_ERROR(RequireAdministrator(request.caller, "enable an adapter"));
  const std::lock_guard lock(host.catalog->changing());
  ASSIGN_OR_RETURN(const Manifest* const manifest,
                   Installed(*host.Adapters(), request.adapter, request.version));
  const std::string digest = request.version.empty() ? "" : manifest->digest;
  RETURN_IF_ERROR(Decide(host, DecisionOf(request, "enable"), digest));
  return Answer(
      host, request.adapter,
      fmt::format("{} is enabled{}: what disabled or quarantined it has ended, and its failures in a row "
                  "count from none",
                  Named(request.adapter, request.version),
                  request.feed.empty() ? "" : " for feed " + request.feed.str()));
}

absl::StatusOr<json::Value> DisableAdapter(const HostParts& host, const AdapterRequest& request) {
  RETURN_IF_ERROR(RequireAdministrator(request.caller, "disable an adapter"));
  if (request.reason.empty()) {
    return absl::InvalidArgumentError(
        "say why it is disabled, for the stewards whose files it refuses: --reason \"...\"");
  }
  const std::lock_guard lock(host.catalog->changing());
  ASSIGN_OR_RETURN(const Manifest* const manifest,
                   Installed(*host.Adapters(), request.adapter, request.version));
  const std::string digest = request.version.empty() ? "" : manifest->digest;
  RETURN_IF_ERROR(Decide(host, DecisionOf(request, "disable"), digest));
  ASSIGN_OR_RETURN(const AdapterStanding standing, StandingOf(host));
  const Manifest* const now = host.Adapters()->Find(request.adapter);
  const bool another = now != nullptr && standing.Disabled(now->name, now->version) == nullptr;
  return Answer(host, request.adapter,
                fmt::format("{} is disabled; {}", Named(request.adapter, request.version),
                            another ? fmt::format("new submissions take {}", now->version)
                                    : "new submissions through it are refused, those under way finish"));
}

absl::StatusOr<json::Value> UpgradeAdapter(const HostParts& host, const AdapterRequest& request) {
  RETURN_IF_ERROR(RequireAdministrator(request.caller, "install or upgrade an adapter"));
  const std::lock_guard lock(host.catalog->changing());
  AdapterRequest wanted = request;
  const std::shared_ptr<const adapters::Catalog> before = host.Adapters();
  if (!request.folder.empty()) {
    if (request.folder.front() != '/')
      return absl::InvalidArgumentError("the folder must be an absolute path on the host's machine");
    const auto fits = [&](const Manifest& manifest) -> absl::Status {
      if (request.adapter.empty() || manifest.name == request.adapter) return RequireOptions(host, manifest);
      return absl::InvalidArgumentError(fmt::format("{} holds the adapter {}, not {}; nothing changed",
                                                    request.folder, manifest.name, request.adapter));
    };
    ASSIGN_OR_RETURN(const Manifest offered,
                     InstallAdapter(host.adapter_rules, *before, request.folder, fits));
    wanted.adapter = offered.name;
    wanted.version = offered.version;
    Issues ignored;  // of other folders, which were said when they were read
    RETURN_IF_ERROR(Reread(host, ignored));
  } else if (wanted.version.empty()) {
    // The newest, whatever is in use.
    ASSIGN_OR_RETURN(const Manifest* const any, Installed(*before, wanted.adapter, ""));
    for (const Manifest& manifest : before->all()) {
      if (manifest.name != any->name) continue;
      wanted.version = manifest.version;
      break;
    }
  }
  const std::shared_ptr<const adapters::Catalog> now = host.Adapters();
  ASSIGN_OR_RETURN(const Manifest* const manifest, Installed(*now, wanted.adapter, wanted.version));
  if (!manifest->unfit.empty()) {
    return absl::FailedPreconditionError(fmt::format("adapter {} {}: {}; nothing changed", manifest->name,
                                                     manifest->version, manifest->unfit));
  }
  RETURN_IF_ERROR(RequireOptions(host, *manifest));
  RETURN_IF_ERROR(Decide(host, DecisionOf(wanted, "use"), manifest->digest));
  const Manifest* const old = before->Find(wanted.adapter);
  return Answer(
      host, wanted.adapter,
      fmt::format("{} {} is in use{}: new submissions take it, those under way finish on what they began "
                  "with",
                  wanted.adapter, wanted.version,
                  old == nullptr ? "" : fmt::format(" (before: {})", old->version)));
}

absl::StatusOr<json::Value> ReloadAdapters(const HostParts& host, const Caller& caller) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "reload the adapters"));
  Issues issues;
  RETURN_IF_ERROR(ReadAdapters(host, issues));
  ASSIGN_OR_RETURN(const json::Value adapters, ListAdapters(host, caller));
  return json::Object{{"adapters", adapters}, {"issues", policy::IssuesToJson(issues)}};
}

absl::StatusOr<json::Value> ListAdapters(const HostParts& host, const Caller& caller) {
  ASSIGN_OR_RETURN(const Known known, Known::Read(host));
  json::Array list;
  for (const Manifest& manifest : known.catalog->all())
    list.push_back(EntryOf(host, known, manifest, caller.administrator));
  if (!caller.administrator) return list;
  for (json::Value& refused : RefusedJson(*known.catalog)) list.push_back(std::move(refused));
  return list;
}

absl::StatusOr<json::Array> AdapterHealth(const HostParts& host) {
  ASSIGN_OR_RETURN(const Known known, Known::Read(host));
  json::Array list;
  for (const Manifest& manifest : known.catalog->all()) {
    uint64_t failures = 0;
    uint64_t in_a_row = 0;
    for (const store::AdapterTally& tally : known.TalliesOf(manifest)) {
      failures += tally.failures;
      in_a_row = std::max(in_a_row, tally.in_a_row);
    }
    json::Array quarantined;
    for (const AdapterDecision* quarantine : known.standing.Quarantines(manifest.name, manifest.version))
      quarantined.emplace_back(quarantine->feed.str());
    list.push_back(json::Object{{"name", manifest.name},
                                {"version", manifest.version},
                                {"state", known.StateOf(manifest)},
                                {"inUse", known.catalog->Find(manifest.name) == &manifest},
                                {"feeds", FeedNames(host, known, manifest)},
                                {"failures", failures},
                                {"failuresInARow", in_a_row},
                                {"quarantinedFor", std::move(quarantined)}});
  }
  return list;
}

}  // namespace concordat::flows
