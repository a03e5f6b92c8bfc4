#include "host/policy/feed.h"

#include <algorithm>
#include <charconv>

#include "fmt/format.h"
#include "host/policy/mapping.h"
#include "host/policy/names.h"

namespace concordat::policy {
namespace {

constexpr double kDaysAYear = 366;

// A period has one length; parts of days would make "due" depend on the hour a period ends.
void CheckScheduleDuration(Fields& fields, std::string_view key, const Duration& duration) {
  if (duration.seconds != 0) {
    fields.Error(key, "bad-duration", fmt::format("\"{}\" of the schedule must be whole days", key),
                 "such as P20D");
  } else if (duration.months * 31.0 + static_cast<double>(duration.days) > 10 * kDaysAYear) {
    fields.Error(key, "bad-duration", fmt::format("\"{}\" of the schedule is longer than ten years", key));
  }
}

std::optional<Schedule> ReadSchedule(const Node& node, Issues& issues) {
  if (!node.present()) return std::nullopt;
  Fields fields(node, "schedule", issues);
  Schedule schedule;
  const auto every = ReadDuration(fields, "every");
  const auto due = ReadDuration(fields, "due");
  for (const std::string_view key : {"every", "due"}) {
    if (node.is_map() && !fields.Has(key))
      fields.Error("", "missing-key", fmt::format("the schedule needs \"{}\"", key));
  }
  if (every) {
    schedule.every = *every;
    if (const auto period = PeriodContaining(0, *every, 4, 1); !period.ok()) {
      fields.Error("every", "bad-schedule", std::string(MessageOf(period.status())));
    }
  }
  if (due) {
    schedule.due = *due;
    CheckScheduleDuration(fields, "due", *due);
  }
  fields.Finish();
  return schedule;
}

std::vector<record::Severity> ReadQuarantine(Fields& gate) {
  std::vector<record::Severity> severities;
  const std::vector<std::string> words = gate.Texts("quarantine");
  for (size_t i = 0; i < words.size(); ++i) {
    const Place place = EntryOf(gate.map(), "quarantine", i).place();
    const auto severity = record::SeverityFrom(words[i]);
    if (!severity) {
      gate.issues().Error(place, "unknown-word", fmt::format("\"{}\" is no severity", words[i]),
                          DidYouMean(words[i], {"critical", "error", "warning", "info"}));
    } else if (std::find(severities.begin(), severities.end(), *severity) != severities.end()) {
      gate.issues().Error(place, "twice", fmt::format("\"{}\" stands here twice", words[i]));
    } else {
      severities.push_back(*severity);
    }
  }
  return severities;
}

Gate ReadGate(const Node& node, Issues& issues) {
  Gate gate;
  if (!node.present()) return gate;
  Fields fields(node, "gate", issues);
  if (const Node reject_node = fields.Map("reject"); reject_node.present()) {
    Fields reject(reject_node, "gate's reject", issues);
    gate.reject_score = reject.Number("score").value_or(gate.reject_score);
    if (gate.reject_score < 0 || gate.reject_score > 100) {
      reject.Error("score", "out-of-range", "a score lies between 0 and 100");
    }
    gate.reject_unreadable = reject.ShareOr("unreadable", gate.reject_unreadable);
    gate.reject_evaluated_share = reject.ShareOr("evaluatedShare", gate.reject_evaluated_share);
    reject.Finish();
  }
  if (fields.Has("quarantine")) {
    gate.quarantine = ReadQuarantine(fields);
  } else {
    fields.Any("quarantine");
  }
  fields.Finish();
  return gate;
}

void ReadDataset(Fields& fields, Feed& feed) {
  const std::string dataset = fields.Text("dataset");
  const size_t slash = dataset.find('/');
  feed.contract = dataset.substr(0, slash);
  if (slash == std::string::npos) return;
  feed.object = dataset.substr(slash + 1);
  if (feed.contract.empty() || feed.object.empty() || feed.object.find('/') != std::string::npos) {
    fields.Error("dataset", "bad-dataset", fmt::format("\"{}\" names no dataset", dataset),
                 "write the contract's name, or name/object when it has several objects");
  }
}

// Adapters bear the names of their manifests, which have _ where ids have -.
std::string ReadPlugin(Fields& fields) {
  const std::string name = fields.Text("plugin");
  const bool fit = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (fit && name.size() <= 64) return name;
  fields.Error("plugin", "bad-id", fmt::format("\"{}\" cannot be the name of an adapter", name),
               "the name in its adapter.yaml: small letters, digits and _");
  return name;
}

// "512MB", "2GB": powers of 1024, as memory is sold.
std::optional<uint64_t> ReadMemory(Fields& fields, std::string_view key) {
  if (!fields.Has(key)) return std::nullopt;
  const std::string text = fields.Text(key);
  uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  constexpr uint64_t kMost = 1024 * 1024;
  if (error == std::errc() && count > 0 && count <= kMost) {
    if (unit == "MB") return count << 20;
    if (unit == "GB" && count <= kMost / 1024) return count << 30;
  }
  fields.Error(key, "bad-memory", fmt::format("\"{}\" is no amount of memory", text), "such as 512MB or 2GB");
  return std::nullopt;
}

AdapterLimits ReadAdapterLimits(const Node& node, Issues& issues) {
  AdapterLimits limits;
  if (!node.present()) return limits;
  Fields fields(node, "adapter's limits", issues);
  limits.time = ReadDuration(fields, "time");
  if (limits.time && (limits.time->months != 0 || (limits.time->days == 0 && limits.time->seconds <= 0)))
    fields.Error("time", "bad-duration", "the time of one run is seconds to days", "such as PT5M");
  limits.memory_bytes = ReadMemory(fields, "memory");
  fields.Finish();
  return limits;
}

void ReadAdapter(const Node& node, Feed& feed, Issues& issues) {
  if (!node.present()) return;
  Fields fields(node, "adapter", issues);
  feed.adapter = ReadPlugin(fields);
  feed.adapter_version = fields.TextOr("version", "");
  feed.unpack = fields.TextOr("unpack", "auto");
  feed.adapter_limits = ReadAdapterLimits(fields.Map("limits"), issues);
  feed.adapter_options = fields.Map("options");
  fields.Finish();
}

}  // namespace

Feed ReadFeed(const Node& document, Issues& issues) {
  Fields fields(document, "feed", issues);
  ReadHeader(fields, "Feed");
  Feed feed;
  feed.place = document.place();
  feed.id = FeedId(ReadId(fields, "id"));
  feed.partner = PartnerId(fields.Text("partner"));
  ReadDataset(fields, feed);
  const Node adapter = fields.Map("adapter");
  if (fields.Has("same_file_as")) feed.same_file_as = FeedId(ReadId(fields, "same_file_as"));
  if (document.is_map() && !fields.Has("adapter") && feed.same_file_as.empty()) {
    fields.Error("", "missing-key", "the feed needs \"adapter\"", "such as adapter: {plugin: delimited}");
  }
  ReadAdapter(adapter, feed, issues);
  feed.mapping = ReadMapping(fields);
  feed.missing_tokens = fields.Texts("missingTokens");
  feed.schedule = ReadSchedule(fields.Map("schedule"), issues);
  feed.gate = ReadGate(fields.Map("gate"), issues);
  feed.keep_source = ReadDuration(fields, "keep_source").value_or(*ParseDuration("P90D"));
  fields.Finish();
  return feed;
}

}  // namespace concordat::policy
