// An agreement as others want it: the regulator's checklist, a statutory register, the public, a machine.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/json.h"
#include "host/flows/host_parts.h"
#include "host/policy/policy_set.h"

namespace concordat::flows {

/// What an export is made of: the document as written (canonical JSON, what is signed) and what stands around
/// it.
struct ExportSource {
  json::Value document;
  std::string digest;
  bool in_force = false;
  std::string state;                                 // in one sentence; empty when nobody knows (offline)
  std::map<std::string, std::string> partner_names;  // id -> name
  std::map<std::string, std::string> contacts;       // partner id -> "Data protection officer, dpo@..."
  std::map<std::string, std::string> dataset_titles;
  std::string partnership;
  std::vector<std::string> signed_by;  // "constabulary: A. Okoro, Head of Data, 2026-05-20"
};

/// Of a protocol of `set`; state and signatures are the caller's to fill in.
absl::StatusOr<ExportSource> ExportSourceOf(const policy::PolicySet& set,
                                            const policy::SharingProtocol& protocol);

/// Headings of the ICO data sharing code with what the protocol says under each, and a list of gaps;
/// Markdown.
std::string IcoChecklist(const ExportSource& source);
/// The gaps alone: what the code asks for and the protocol does not say.
std::vector<std::string> IcoGaps(const ExportSource& source);
/// The row of the public register under the Digital Economy Act 2017 Part 5 code of practice: a header and
/// one line of CSV.
std::string RegisterRow(const ExportSource& source);
/// One page in plain English; Markdown, or self-contained HTML.
std::string PublicPage(const ExportSource& source, bool html);
/// The same page for a terminal.
std::string PublicPageText(const ExportSource& source);
/// ODRL 2.2 as JSON-LD: an Agreement when in force, else an Offer.
json::Value Odrl(const ExportSource& source);

/// `as`: ico | dea | public | odrl. InvalidArgument for others. Equal sources give equal bytes.
absl::StatusOr<std::string> ExportAs(const ExportSource& source, std::string_view as, bool html);

/// With state and signatures of this host. `version` empty: the one in force, else the newest.
absl::StatusOr<std::string> ExportOnHost(const HostParts& host, const ProtocolId& id,
                                         const std::string& version, std::string_view as, bool html);

}  // namespace concordat::flows
