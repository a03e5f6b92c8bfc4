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

namespace {

// "called_at" as people read it.
std::string Spaced(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string CoarserForm(const json::Value& form) {
  const std::string to = TextAt(form, "generalise.to");
  const std::string width = TextAt(form, "generalise.width");
  if (to == "age_band")
    return fmt::format("only in an age band of {} years", width.empty() ? std::string("5") : width);
  if (to == "band") return fmt::format("only in a band of {}", width);
  if (!ValueAt(form, "generalise.via").is_null()) return fmt::format("only the {} it lies in", Spaced(to));
  return fmt::format("only its {}", Spaced(to));
}

// A key of an aggregate: a field's name, or a field in the form in which it leaves.
std::string KeyInWords(const json::Value& key) {
  if (!key.is_object() || key.get_object().empty()) return Spaced(TextAt(key, ""));
  const auto members = MembersAt(key, "");
  const auto& [field, form] = members.front();
  const std::string to = TextAt(*form, "generalise.to");
  return to.empty() ? Spaced(field) : fmt::format("{} of {}", Spaced(to), Spaced(field));
}

std::string KAnonymityInWords(const json::Value& duty) {
  return fmt::format("only where at least {} records share the same {}", TextAt(duty, "k_anonymity.k"),
                     JoinTexts(TextsAt(duty, "k_anonymity.quasi_identifiers"), ", "));
}

std::string SmallCountsInWords(const json::Value& duty) {
  const std::string threshold = TextAt(duty, "small_counts.threshold");
  return fmt::format("counts below {} are not shown{}", threshold.empty() ? std::string("10") : threshold,
                     TextAt(duty, "small_counts.secondary") == "false"
                         ? ""
                         : ", nor figures from which they could be worked out");
}

}  // namespace

std::string AggregateInWords(const json::Value& share) {
  const json::Value& aggregate = ValueAt(share, "aggregate");
  if (aggregate.is_null()) return "";
  std::vector<std::string> keys;
  for (const json::Value& key : EntriesAt(aggregate, "by")) keys.push_back(KeyInWords(key));
  std::vector<std::string> figures;
  for (const auto& [name, measure] : MembersAt(aggregate, "measures")) figures.push_back(Spaced(name));
  return fmt::format("totals only ({}), by {}; no records of single cases", JoinTexts(figures, ", "),
                     JoinTexts(keys, ", "));
}

std::vector<std::string> ProtectionsOf(const json::Value& share) {
  std::vector<std::string> words;
  for (const json::Value& duty : EntriesAt(share, "duties")) {
    if (!ValueAt(duty, "k_anonymity").is_null()) words.push_back(KAnonymityInWords(duty));
    if (!ValueAt(duty, "small_counts").is_null()) words.push_back(SmallCountsInWords(duty));
    if (!ValueAt(duty, "differencing").is_null())
      words.push_back(fmt::format("compared with what was given in the last {}",
                                  DurationInWords(TextAt(duty, "differencing.window"))));
  }
  return words;
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
  if (word == "generalise") return CoarserForm(form);
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
  if (std::string totals = AggregateInWords(share); !totals.empty()) fields.push_back(std::move(totals));
  return JoinTexts(fields, ", ");
}

std::string FlowOf(const ExportSource& source, const json::Value& share) {
  return fmt::format("from {} to {}", JoinTexts(NamesOf(source, TextsAt(share, "from")), ", "),
                     JoinTexts(NamesOf(source, TextsAt(share, "to")), ", "));
}

std::string DpiaOf(const json::Value& document) {
  if (ValueAt(document, "lawfulness.dpia").is_null()) return "";
  return fmt::format("{} of {}: {}", TextAt(document, "lawfulness.dpia.ref"),
                     TextAt(document, "lawfulness.dpia.date"),
                     Spaced(TextAt(document, "lawfulness.dpia.outcome")));
}

std::string ProhibitionsOf(const json::Value& document) {
  std::vector<std::string> words;
  for (const json::Value& prohibition : EntriesAt(document, "prohibitions")) {
    const std::string action = Spaced(TextAt(prohibition, "action"));
    const std::string to = TextAt(prohibition, "to");
    words.push_back(to.empty() || to == "any" ? action : fmt::format("{} to {}", action, to));
  }
  return JoinTexts(words, ", ");
}

std::string QualityOf(const json::Value& share) {
  std::vector<std::string> words;
  for (const auto& [what, least] : MembersAt(share, "quality")) {
    if (least->is_object()) {  // a level of those who give
      const std::string age = TextAt(*least, "max_age");
      words.push_back(fmt::format(
          "{} level {} of those who give{}", TextAt(*least, "template"), TextAt(*least, "minimum"),
          age.empty() ? "" : fmt::format(", not older than {}", DurationInWords(age))));
      continue;
    }
    const std::string value =
        least->is_array() ? JoinTexts(TextsAt(*least, ""), " and ") : TextAt(*least, "");
    words.push_back(fmt::format("{} {}", Spaced(what), value));
  }
  return JoinTexts(words, ", ");
}

}  // namespace concordat::flows
