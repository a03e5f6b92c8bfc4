#include "host/flows/protocol_words.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/flows/protocol_changes.h"
#include "host/flows/protocol_document.h"

namespace concordat::flows {

std::string NameOf(const ExportSource& source, const std::string& partner) {
  const auto found = source.partner_names.find(partner);
  return found == source.partner_names.end() || found->second.empty() ? partner : found->second;
}

std::vector<std::string> NamesOf(const ExportSource& source, const std::vector<std::string>& partners) {
  std::vector<std::string> names;
  for (const std::string& partner : partners) names.push_back(NameOf(source, partner));
  return names;
}

std::vector<std::string> PartiesWithRole(const ExportSource& source, std::string_view role) {
  std::vector<std::string> partners;
  for (const json::Value& party : EntriesAt(source.document, "parties")) {
    if (TextAt(party, "role") == role) partners.push_back(TextAt(party, "partner"));
  }
  return partners;
}

// "P12M" as people say it; what is not so simple stays as it is written.
std::string DurationInWords(const std::string& duration) {
  if (duration.size() < 3 || duration[0] != 'P') return duration;
  const std::string number = duration.substr(1, duration.size() - 2);
  if (number.find_first_not_of("0123456789") != std::string::npos) return duration;
  const char unit = duration.back();
  const std::string_view word = unit == 'Y'   ? "year"
                                : unit == 'M' ? "month"
                                : unit == 'W' ? "week"
                                : unit == 'D' ? "day"
                                              : "";
  if (word.empty()) return duration;
  return fmt::format("{} {}{}", number, word, number == "1" ? "" : "s");
}

// A duty as the public reads it.
std::string PlainForm(const json::Value& form) {
  const std::string word = form.is_string() ? TextAt(form, "")
                           : form.is_object() && !form.get_object().empty()
                               ? MembersAt(form, "").front().first
                               : "";
  if (word == "release") return "as it is";
  if (word == "pseudonymise") return "replaced by a code that links to no other agreement";
  if (word == "mask") return "partly blacked out";
  if (word == "generalise") return "made coarser";
  if (word == "round") return "rounded";
  if (word == "redact") return "left out";
  return FormInWords(form);
}

std::string DatasetOf(const ExportSource& source, const json::Value& share) {
  const std::string id = TextAt(share, "dataset");
  const auto found = source.dataset_titles.find(id);
  return found == source.dataset_titles.end() || found->second.empty()
             ? id
             : fmt::format("{} ({})", id, found->second);
}

std::string FieldsOf(const json::Value& share, bool plain) {
  std::vector<std::string> fields;
  for (const auto& [name, form] : MembersAt(share, "fields"))
    fields.push_back(fmt::format("{} ({})", name, plain ? PlainForm(*form) : FormInWords(*form)));
  const json::Value& aggregate = ValueAt(share, "aggregate");
  if (!aggregate.is_null())
    fields.push_back(plain ? std::string("totals only, no records of single cases")
                           : "aggregate " + json::Canonical(aggregate));
  return JoinTexts(fields, ", ");
}

std::string FlowOf(const ExportSource& source, const json::Value& share) {
  return fmt::format("from {} to {}", JoinTexts(NamesOf(source, TextsAt(share, "from")), ", "),
                     JoinTexts(NamesOf(source, TextsAt(share, "to")), ", "));
}

std::string DpiaOf(const json::Value& document) {
  if (ValueAt(document, "lawfulness.dpia").is_null()) return "";
  return fmt::format("{} of {}: {}", TextAt(document, "lawfulness.dpia.ref"),
                     TextAt(document, "lawfulness.dpia.date"), TextAt(document, "lawfulness.dpia.outcome"));
}

std::string ProhibitionsOf(const json::Value& document) {
  std::vector<std::string> words;
  for (const json::Value& prohibition : EntriesAt(document, "prohibitions")) {
    std::string action = TextAt(prohibition, "action");
    std::replace(action.begin(), action.end(), '_', ' ');
    const std::string to = TextAt(prohibition, "to");
    words.push_back(to.empty() || to == "any" ? action : fmt::format("{} to {}", action, to));
  }
  return JoinTexts(words, ", ");
}

std::string QualityOf(const json::Value& share) {
  std::vector<std::string> words;
  for (const auto& [what, least] : MembersAt(share, "quality"))
    words.push_back(fmt::format("{} {}", what, TextAt(*least, "")));
  return JoinTexts(words, ", ");
}

}  // namespace concordat::flows
