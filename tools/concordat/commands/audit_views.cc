// concordat audit list, audit statement: who saw what, and what a partner gave and got.
#include "concordat/v1/audit.grpc.pb.h"
#include "fmt/format.h"
#include "tools/concordat/commands/audit.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

using Stub = v1::AuditService::Stub;

struct Options {
  std::string dataset, item, agency, purpose, protocol, kind, from, to, period, subject, partner;
  uint32_t limit = 100;
};

std::string Joined(const json::Value& row, std::string_view member) {
  std::string text;
  for (const json::Value& item : ItemsOf(row, member)) text += (text.empty() ? "" : ", ") + TextOf(item);
  return text;
}

// "alex" of spiffe://derwent.example/partner/county-council/analyst/alex.
std::string ShortName(const std::string& person) { return person.substr(person.rfind('/') + 1); }

std::string Who(const json::Value& row) {
  const std::string agency = json::TextOr(row, "agency", "");
  const std::string person = ShortName(json::TextOr(row, "person", ""));
  return person.empty() ? agency : fmt::format("{}, {}", agency, person);
}

std::string Basis(const json::Value& row) {
  const std::string bases = Joined(row, "bases");
  const std::string clause = json::TextOr(row, "clause", "");
  if (bases.empty() || clause.empty()) return bases + clause;
  return fmt::format("{} ({})", bases, clause);
}

std::string Decision(const json::Value& row) {
  const std::string cause = json::TextOr(row, "cause", "");
  const std::string decision = json::TextOr(row, "decision", "");
  if (json::TextOr(row, "stage", "") == "broken_off") return fmt::format("{}, broken off", decision);
  return cause.empty() ? decision : fmt::format("{}: {}", decision, cause);
}

std::string ListText(const json::Value& list) {
  Table table(
      {"time", "who", "dataset", "fields", "rows", "purpose", "basis", "protocol", "decision", "receipt"});
  for (const json::Value& row : list.as_array()) {
    const json::Value& rows = Member(row, "rows");
    table.Add({json::TextOr(row, "time", ""), Who(row), json::TextOr(row, "dataset", ""),
               Joined(row, "fields"), rows.is_null() ? std::string() : Grouped(CountOf(row, "rows")),
               json::TextOr(row, "purpose", ""), Basis(row), json::TextOr(row, "protocol", ""), Decision(row),
               json::TextOr(row, "receipt", "")});
  }
  return table.empty() ? "no such receipts\n" : table.str();
}

v1::ListReceiptsRequest RequestOf(const Options& options) {
  v1::ListReceiptsRequest request;
  request.set_limit(options.limit);
  request.set_dataset(options.dataset);
  request.set_item(options.item);
  request.set_agency(options.agency);
  request.set_purpose(options.purpose);
  request.set_protocol(options.protocol);
  request.set_kind(options.kind);
  request.set_from(options.from);
  request.set_to(options.to);
  request.set_period(options.period);
  request.set_subject(options.subject);
  return request;
}

int List(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::AuditService::NewStub(connection->channel);
  grpc::ClientContext call;
  call.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
  v1::AuditJson reply;
  const absl::Status status = FromGrpc(stub->ListReceipts(&call, RequestOf(options), &reply), *connection);
  const absl::StatusOr<json::Value> list = status.ok() ? json::Parse(reply.json()) : status;
  if (!list.ok()) return Fail(list.status());
  if (context.json) {
    PrintJson(*list);
    return kFine;
  }
  if (!context.quiet && !(options.period + options.from + options.to).empty())
    fmt::print("{}\n", reply.span());
  fmt::print("{}", ListText(*list));
  if (list->as_array().size() == options.limit)
    fmt::print("the newest {}; there may be more: --limit\n", options.limit);
  return kFine;
}

// A section of the statement: its title, and its lines or that there are none.
void PrintSection(const std::string& title, const Table& table) {
  fmt::print("\n{}\n{}", Paint(Colour::kBold, title), table.empty() ? "  nothing\n" : table.str());
}

// "1 request", "2 requests".
std::string Counted(uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", Grouped(number), noun, number == 1 ? "" : "s");
}

Table FlowTable(const json::Value& statement, const char* member, const char* other) {
  Table table({"dataset", other, "protocol", "purpose", "disclosures", "rows"});
  for (const json::Value& line : ItemsOf(statement, member)) {
    const json::Value& names = Member(line, other);
    table.Add({json::TextOr(line, "dataset", ""), names.is_string() ? TextOf(names) : Joined(line, other),
               json::TextOr(line, "protocol", ""), json::TextOr(line, "purpose", ""),
               Grouped(CountOf(line, "disclosures")), Grouped(CountOf(line, "rows"))});
  }
  return table;
}

void PrintStatement(const json::Value& statement) {
  const json::Value& totals = Member(statement, "totals");
  const std::string partner = json::TextOr(statement, "partner", "");
  fmt::print("{}, {}\n", partner, json::TextOr(statement, "span", ""));
  Table supplied({"dataset", "submissions", "records", "rejected"});
  for (const json::Value& line : ItemsOf(statement, "supplied")) {
    supplied.Add({json::TextOr(line, "dataset", ""), Grouped(CountOf(line, "submissions")),
                  Grouped(CountOf(line, "records")), Grouped(CountOf(line, "rejected"))});
  }
  PrintSection("Supplied to the store: " + Counted(CountOf(totals, "supplied"), "record"), supplied);
  const auto title = [&](const char* verb, const char* flow) {
    const json::Value& total = Member(totals, flow);
    return fmt::format("{}: {} in {}", verb, Counted(CountOf(total, "rows"), "row"),
                       Counted(CountOf(total, "disclosures"), "disclosure"));
  };
  PrintSection(title("Gave", "gave"), FlowTable(statement, "gave", "to"));
  PrintSection(title("Got", "got"), FlowTable(statement, "got", "from"));
  Table refused({"dataset", "to", "protocol", "purpose", "requests"});
  for (const json::Value& line : ItemsOf(statement, "refused")) {
    refused.Add({json::TextOr(line, "dataset", ""), json::TextOr(line, "to", ""),
                 json::TextOr(line, "protocol", ""), json::TextOr(line, "purpose", ""),
                 Grouped(CountOf(line, "requests"))});
  }
  PrintSection("Its data refused to others: " + Counted(CountOf(totals, "refused"), "request"), refused);
  Table was_refused({"dataset", "protocol", "purpose", "requests"});
  for (const json::Value& line : ItemsOf(statement, "wasRefused")) {
    was_refused.Add({json::TextOr(line, "dataset", ""), json::TextOr(line, "protocol", ""),
                     json::TextOr(line, "purpose", ""), Grouped(CountOf(line, "requests"))});
  }
  PrintSection("Was refused: " + Counted(CountOf(totals, "wasRefused"), "request"), was_refused);
}

int Statement(const Context& context, const Options& options) {
  const absl::StatusOr<Connection> connection = Connect(context);
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::AuditService::NewStub(connection->channel);
  v1::GetStatementRequest request;
  request.set_partner(options.partner);
  request.set_period(options.period);
  request.set_from(options.from);
  request.set_to(options.to);
  const auto statement = CallJson<Stub, v1::GetStatementRequest, v1::AuditJson>(*connection, *stub,
                                                                                &Stub::GetStatement, request);
  if (!statement.ok()) return Fail(statement.status());
  if (context.json) {
    PrintJson(*statement);
  } else {
    PrintStatement(*statement);
  }
  return kFine;
}

void AddSpan(CLI::App& verb, Options& options) {
  verb.add_option("--period", options.period, "a time: 2026-Q3, 2026-05, 2026/27 ...");
  verb.add_option("--from", options.from, "or its first day: 2026-07-01");
  verb.add_option("--to", options.to, "and its last day");
}

}  // namespace

void AddAuditViews(CLI::App& noun, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* list =
      AddVerb(noun, context, "list", "who saw what, for what purpose, under which basis; newest first",
              "  concordat audit list --dataset street_crime --period 2026-Q3 --kind disclosure\n"
              "  concordat audit list --dataset street_crime --subject 0a1b2c --agency county-council",
              [&context, options] { return List(context, *options); });
  list->add_option("--dataset", options->dataset, "about this dataset");
  list->add_option("--item", options->item, "that released this field");
  list->add_option("--agency", options->agency, "given to this partner");
  list->add_option("--purpose", options->purpose, "for this purpose");
  list->add_option("--protocol", options->protocol, "under this protocol");
  list->add_option("--kind", options->kind, "submission, disclosure or refusal");
  AddSpan(*list, *options);
  list->add_option(
      "--subject", options->subject,
      "disclosures that held the record of this key (parts of a key joined by |); needs --dataset");
  list->add_option("--limit", options->limit, "at most so many")->capture_default_str();
  CLI::App* statement =
      AddVerb(noun, context, "statement", "reciprocity: what a partner gave, got and refused",
              "  concordat audit statement --partner constabulary --period 2026-Q3",
              [&context, options] { return Statement(context, *options); });
  statement->add_option("--partner", options->partner, "whose")->required();
  AddSpan(*statement, *options);
}

}  // namespace concordat::cli
