#include "host/pages/inbox_page.h"

#include "fmt/format.h"
#include "host/pages/html_style.h"
#include "host/pages/html_text.h"

namespace concordat::pages {

std::string NoticeHtml(std::string_view heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string html = fmt::format("<h2>{}</h2>\n<ul>\n", Escaped(heading));
  for (const std::string& line : lines) html += fmt::format("<li>{}</li>\n", Escaped(line));
  return html + "</ul>\n";
}

std::string NotTakenPage(const NotTaken& page) {
  return HtmlHead(fmt::format("{}: {}", page.headline, page.file)) +
         fmt::format(
             "<h1>{}</h1>\n<p class=\"faint\">inbox of feed {}, {}</p>\n<p class=\"decision "
             "{}\">{}</p>\n<p>{}</p>\n",
             Escaped(page.file), Escaped(page.feed), Escaped(page.at), page.waiting ? "warn" : "bad",
             Escaped(page.headline), Escaped(page.why)) +
         NoticeHtml("What to do", page.steps) +
         "<p class=\"faint\">Nothing was stored, and your file is as you left it.</p>\n" +
         std::string(HtmlFoot());
}

}  // namespace concordat::pages
