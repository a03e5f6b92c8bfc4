#include "host/server/sandbox_config.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/policy/reader.h"

namespace concordat::server {
namespace {

using ::testing::HasSubstr;

struct Read {
  adapters::SandboxPolicy policy;
  std::string mistakes;
};

Read ReadText(const std::string& yaml) {
  auto source = std::make_shared<SourceText>();
  source->name = "concordat.yaml";
  source->text = yaml;
  Issues issues;
  const policy::Node document = policy::ReadYaml(source, issues);
  Read read;
  read.policy = ReadSandbox(document["sandbox"], issues);
  for (const Issue& issue : issues.list()) read.mistakes += RenderIssue(issue);
  return read;
}

std::vector<std::string> Required(const Read& read) { return adapters::SandboxWords(read.policy.required); }
std::vector<std::string> Preferred(const Read& read) { return adapters::SandboxWords(read.policy.preferred); }

TEST(SandboxConfig, WithoutAWordEverythingButNamespacesIsRequired) {
  for (const char* yaml : {"listen: x\n", "sandbox: {}\n"}) {
    const Read read = ReadText(yaml);
    EXPECT_EQ(read.mistakes, "");
    EXPECT_EQ(Required(read), (std::vector<std::string>{"seccomp", "landlock", "rlimits"}));
    EXPECT_EQ(Preferred(read), std::vector<std::string>{"namespaces"});
  }
}

TEST(SandboxConfig, WhatIsRequiredIsNotPreferredAsWell) {
  const Read all = ReadText("sandbox: {required: [seccomp, landlock, rlimits, namespaces]}\n");
  EXPECT_EQ(all.mistakes, "");
  EXPECT_EQ(Required(all).size(), 4U);
  EXPECT_TRUE(Preferred(all).empty());
  const Read less = ReadText("sandbox: {preferred: [landlock, namespaces]}\n");
  EXPECT_EQ(less.mistakes, "");
  EXPECT_EQ(Required(less), (std::vector<std::string>{"seccomp", "rlimits"}));
}

TEST(SandboxConfig, MistakesAreToldAtTheirPlace) {
  const Read unknown = ReadText("sandbox:\n  required: [seccomp, landlok]\n");
  EXPECT_THAT(unknown.mistakes, HasSubstr("concordat.yaml:2:23: "));
  EXPECT_THAT(unknown.mistakes, HasSubstr("\"landlok\" is no layer of the sandbox"));
  EXPECT_THAT(unknown.mistakes, HasSubstr("landlock"));
  EXPECT_THAT(ReadText("sandbox: {required: [seccomp], preferred: [seccomp]}\n").mistakes, HasSubstr("stands here twice"));
  EXPECT_THAT(ReadText("sandbox: {require: [seccomp]}\n").mistakes, HasSubstr("required"));
}

}  // namespace
}  // namespace concordat::server
