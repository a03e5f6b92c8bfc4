// A host with small templates, two partners' people and a clock set by hand, for the tests of assessments.
#pragma once

#include <filesystem>
#include <fstream>

#include "fmt/format.h"
#include "host/flows/assessment_answers.h"
#include "host/flows/assessment_cycles.h"
#include "host/flows/assessment_report.h"
#include "host/flows/assessment_steps.h"
#include "tests/host/flows/host_fixture.h"

namespace concordat::flows {

inline constexpr char kTiny[] = R"yaml(apiVersion: concordat/v1
kind: AssessmentTemplate
id: tiny
version: "{}"
title: A small assessment
scale:
  - {{level: 1, name: poor, colour: red}}
  - {{level: 2, name: fair, colour: amber}}
  - {{level: 3, name: good, colour: green}}
  - {{level: 4, name: very good, colour: green}}
themes:
  - id: people
    title: People
    items:
      - {{id: lead, question: "Who leads?", evidence: {{accepts: [document, attestation]}}}}
      - {{id: trained, question: "Who is trained?", mandatory: false, target: 3}}
  - id: systems
    title: Systems
    items:
      - id: valid
        question: "Are values valid?"
        evidence: {{measure: dimension_score, dimension: conformity, window: P12M, levels: {{2: 70, 3: 90, 4: 99}}}}
      - {{id: proof, question: "Can you prove it?", mandatory: false, evidence: {{accepts: [document], required: [police]}}}}
      - {{id: patrols, question: "Are patrols logged?", mandatory: false, applies_to: [police]}}
{})yaml";

inline constexpr char kChain[] = R"yaml(apiVersion: concordat/v1
kind: AssessmentTemplate
id: chain
version: "1"
title: A small chain
several_groups: true
scoring: {theme: none}
scale:
  - {level: 0, name: broken, colour: red}
  - {level: 1, name: weak, colour: amber}
  - {level: 2, name: sound, colour: green}
themes:
  - id: all
    title: Stages
    items:
      - {id: outcome, question: "Is the outcome clear?"}
      - {id: plan, question: "Is there one plan?"}
      - {id: money, question: "Is it paid for?"}
)yaml";

class AssessmentTest : public HostFixture {
 protected:
  AssessmentTest() : HostFixture("2026-05-20T12:00:00Z") {}

  void SetUp() override {
    std::filesystem::create_directories(folder_.path());
    std::filesystem::copy(CONCORDAT_SOURCE_DIR "/policies", Policies(),
                          std::filesystem::copy_options::recursive);
    for (const auto& [partner, category] :
         {std::pair("constabulary", "police"), {"fire-and-rescue", "fire"}}) {
      Write(
          fmt::format("partners/{}.yaml", partner),
          fmt::format(
              "apiVersion: concordat/v1\nkind: Partner\nid: {}\nname: The {}\nsector: public\ncategory: {}\n",
              partner, category, category));
    }
    Write("assessments/tiny.yaml", fmt::format(kTiny, 1, ""));
    Write("assessments/chain.yaml", kChain);
    OpenHost(Policies());
  }

  std::string Policies() const { return folder_.path() + "/policies"; }
  void Write(const std::string& path, const std::string& text) {
    std::ofstream(Policies() + "/" + path) << text;
  }
  void Load() { Adopt(Policies()); }

  /// An accepted submission of the constabulary with this conformity.
  void Deliver(double conformity) {
    const std::string id = fmt::format("S-{}", ++delivered_);
    store::Attempt attempt = store::AttemptOf(id);
    attempt.feed = FeedId("constabulary-street-crime");
    attempt.partner = PartnerId("constabulary");
    attempt.dataset = DatasetId("street_crime");
    attempt.period = fmt::format("2026-{:02}", delivered_);
    attempt.received = clock_.Now();
    attempt.result = json::Object{
        {"score", conformity},
        {"dimensions", json::Array{json::Object{{"dimension", "conformity"}, {"score", conformity}}}}};
    const auto schema = store::SmallSchema();
    const auto writer = *store_->Begin(attempt.id, attempt.dataset, schema);
    EXPECT_OK(writer->Seal({}));
    EXPECT_OK(store_->Publish(attempt));
  }

  json::Object Start(const Caller& by, const std::string& form = "tiny",
                     const std::string& cycle = "2026/27") {
    const auto started = StartAssessment(host_, by, {form, cycle, "", false});
    EXPECT_OK(started);
    return started.ok() ? started->as_object() : json::Object();
  }
  static std::string Id(const json::Value& document) { return json::TextOr(document, "id", ""); }
  absl::StatusOr<json::Value> Answer(const Caller& by, const std::string& id, const std::string& item,
                                     int level, const std::string& comment = "") {
    return AnswerItem(host_, by, {id, item, level, comment, false, false});
  }
  json::Value Show(const Caller& by, const std::string& id) {
    return store::Value(ShowAssessment(host_, by, id));
  }

  /// Answers of the constabulary that may be submitted.
  std::string Answered(int lead = 2, int valid = 4, const std::string& cycle = "2026/27") {
    const std::string id = Id(Start(pat_, "tiny", cycle));
    EXPECT_OK(Answer(pat_, id, "lead", lead));
    EXPECT_OK(Answer(pat_, id, "valid", valid));
    EXPECT_OK(AddEvidence(host_, pat_, id, "proof", {"document", "Audit", "shelf 4", "", ""}));
    return id;
  }
  std::string SignedOff(int lead = 2, int valid = 4, const std::string& cycle = "2026/27") {
    const std::string id = Answered(lead, valid, cycle);
    EXPECT_OK(SubmitAssessment(host_, pat_, id));
    EXPECT_OK(SignOffAssessment(host_, dana_, id, ""));
    return id;
  }

  static const json::Value& At(const json::Value& value, std::string_view member) {
    const json::Value* found = json::Find(value, member);
    EXPECT_NE(found, nullptr) << member;
    static const json::Value none;
    return found == nullptr ? none : *found;
  }
  static json::Value ItemOf(const json::Value& document, const std::string& id) {
    for (const json::Value& theme : At(document, "themes").as_array()) {
      for (const json::Value& item : At(theme, "items").as_array()) {
        if (json::TextOr(item, "id", "") == id) return item;
      }
    }
    ADD_FAILURE() << id;
    return nullptr;
  }
  static std::string Text(const json::Value& value, std::string_view member) {
    return json::Compact(At(value, member));
  }
  template <typename T>
  static std::string Said(const T& result) {
    return std::string(MessageOf(store::StatusOf(result)));
  }

  int delivered_ = 0;

  const Caller admin_ = Administrator();
  const Caller pat_ = CallerOf("constabulary", "steward", "pat");
  const Caller paula_ = CallerOf("constabulary", "steward", "paula");
  const Caller dana_ = CallerOf("constabulary", "delegate", "dana");
  const Caller sam_ = CallerOf("county-council", "steward", "sam");
  const Caller mo_ = CallerOf("county-council", "moderator", "mo");
  const Caller own_moderator_ = CallerOf("constabulary", "moderator", "max");
};

}  // namespace concordat::flows
