#include "host/flows/protocol_page.h"

#include <string_view>

#include "fmt/format.h"

namespace concordat::flows {
namespace {

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

// What somebody wrote stays one line and is no markup.
std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) line += c == '\n' || c == '\r' ? ' ' : c;
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string AsMarkdown(std::string_view text) {
  std::string safe;
  for (const char c : OneLine(text)) {
    if (c == '<') {
      safe += "&lt;";
    } else {
      if (c == '*' || c == '`' || c == '_') safe += '\\';
      safe += c;
    }
  }
  return safe;
}

constexpr std::string_view kStyle =
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem "
    "auto;padding:0 1rem}h1{line-height:1.2}@media print{body{margin:0}}";

}  // namespace

void Page::Heading(std::string_view text) { blocks_.push_back({Kind::kHeading, std::string(text)}); }
void Page::Paragraph(std::string_view text) { blocks_.push_back({Kind::kParagraph, std::string(text)}); }
void Page::Bullet(std::string_view text) { blocks_.push_back({Kind::kBullet, std::string(text)}); }

std::string Page::Markdown() const {
  std::string text = fmt::format("# {}\n", AsMarkdown(title_));
  bool in_list = false;
  for (const Block& block : blocks_) {
    const bool bullet = block.kind == Kind::kBullet;
    if (!bullet || !in_list) text += "\n";
    if (block.kind == Kind::kHeading) text += "## ";
    if (bullet) text += "- ";
    text += AsMarkdown(block.text) + "\n";
    in_list = bullet;
  }
  return text;
}

std::string Page::Text() const {
  std::string text = OneLine(title_) + "\n";
  for (const Block& block : blocks_) {
    if (block.kind == Kind::kHeading) text += "\n";
    text += fmt::format("{}{}\n",
                        block.kind == Kind::kBullet      ? "  - "
                        : block.kind == Kind::kParagraph ? "  "
                                                         : "",
                        OneLine(block.text));
  }
  return text;
}

std::string Page::Html() const {
  std::string text = fmt::format(
      "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{0}</title>\n<style>{1}</style>\n"
      "</head>\n<body>\n<h1>{0}</h1>\n",
      Escaped(OneLine(title_)), kStyle);
  bool in_list = false;
  for (const Block& block : blocks_) {
    const bool bullet = block.kind == Kind::kBullet;
    if (bullet != in_list) text += bullet ? "<ul>\n" : "</ul>\n";
    in_list = bullet;
    const std::string_view tag = bullet ? "li" : (block.kind == Kind::kHeading ? "h2" : "p");
    text += fmt::format("<{0}>{1}</{0}>\n", tag, Escaped(OneLine(block.text)));
  }
  if (in_list) text += "</ul>\n";
  return text + "</body>\n</html>\n";
}

}  // namespace concordat::flows
