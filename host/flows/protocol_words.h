// Parts of a protocol's document as its exports put them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/flows/protocol_export.h"

namespace concordat::flows {

/// A partner as people call it.
std::string NameOf(const ExportSource& source, const std::string& partner);
std::vector<std::string> NamesOf(const ExportSource& source, const std::vector<std::string>& partners);
std::vector<std::string> PartiesWithRole(const ExportSource& source, std::string_view role);
/// "P12M" is "12 months"; what is not so simple stays as it is written.
std::string DurationInWords(const std::string& duration);
/// How a field leaves, for the public.
std::string PlainForm(const json::Value& form);
std::string DatasetOf(const ExportSource& source, const json::Value& share);
/// What is counted by what, for anybody; empty when the share gives records.
std::string AggregateInWords(const json::Value& share);
/// What the duties on the whole keep from being seen, one sentence each.
std::vector<std::string> ProtectionsOf(const json::Value& share);
/// Every field with its form, and that it is totals only where it is.
std::string FieldsOf(const json::Value& share, bool plain);
std::string FlowOf(const ExportSource& source, const json::Value& share);
/// Reference, date and outcome; empty when none is named.
std::string DpiaOf(const json::Value& document);
std::string ProhibitionsOf(const json::Value& document);
std::string QualityOf(const json::Value& share);

}  // namespace concordat::flows
