// The rules of the house over the whole repository, and for each rule the proof that it can fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/lint/rules.h"

namespace seedbed::lint {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Rule = std::function<void(const Source&, Findings&)>;

const std::vector<Source>& tree() {
  static const std::vector<Source> kTree = read_tree(SEEDBED_SOURCE_DIR);
  return kTree;
}

const std::set<std::string>& poisoned() {
  static const std::set<std::string> kNames = [] {
    for (const Source& source : tree()) {
      if (source.path == "sim/base/poison.h") return poisoned_names(source);
    }
    return std::set<std::string>{};
  }();
  return kNames;
}

void no_forbidden_names(const Source& source, Findings& out) {
  forbidden_names(source, poisoned(), out);
}

/// Everything that a rule finds in the repository, one a line.
std::string report(const Rule& rule) {
  std::string text;
  Findings findings;
  for (const Source& source : tree()) rule(source, findings);
  for (const Finding& f : findings) {
    text += "\n" + f.path + ":" + std::to_string(f.line) + ": " + f.message;
  }
  return text;
}

/// The lines of `text` that a rule objects to.
std::vector<int> lines(const Rule& rule, const std::string& path, const std::string& text) {
  Findings findings;
  rule(parse(path, text), findings);
  std::vector<int> lines;
  for (const Finding& f : findings) lines.push_back(f.line);
  return lines;
}

#define EXPECT_CLEAN(rule)                  \
  do {                                      \
    const std::string found = report(rule); \
    EXPECT_TRUE(found.empty()) << found;    \
  } while (false)

TEST(Lint, SeesTheRepository) {
  std::set<std::string> folders;
  for (const Source& source : tree()) folders.insert(source.path.substr(0, source.path.find('/')));
  EXPECT_THAT(folders, testing::IsSupersetOf({"sim", "protocols", "tests"}));
  EXPECT_GT(poisoned().size(), 50);
}

TEST(Lint, ForbiddenNames) { EXPECT_CLEAN(no_forbidden_names); }
TEST(Lint, RealNumbers) { EXPECT_CLEAN(real_numbers); }
TEST(Lint, OrderedPointers) { EXPECT_CLEAN(ordered_pointers); }
TEST(Lint, OneDraw) { EXPECT_CLEAN(one_draw); }
TEST(Lint, IncludesGoDown) { EXPECT_CLEAN(includes_go_down); }
TEST(Lint, LibrariesStayInTheirRoom) { EXPECT_CLEAN(libraries_stay_in_their_room); }
TEST(Lint, NothingPrints) { EXPECT_CLEAN(nothing_prints); }
TEST(Lint, Layout) { EXPECT_CLEAN(layout); }
TEST(Lint, Headers) { EXPECT_CLEAN(headers); }
TEST(Lint, Sizes) { EXPECT_CLEAN(sizes); }
TEST(Lint, MutableGlobals) { EXPECT_CLEAN(mutable_globals); }

TEST(LintLexer, SkipsCommentsAndTexts) {
  const Source s = parse("sim/base/a.cpp",
                         "// rand()\n/* rand\nrand */ f(\"rand\", 'r', u8R\"x(rand)\" )x\");\n"
                         "int n = 1'000'000; char c = '\\''; char q = '\"'; rand();\n");
  std::vector<std::string> words;
  for (const Token& t : s.tokens) {
    if (t.kind == Token::Kind::kWord) words.push_back(t.text + ":" + std::to_string(t.line));
  }
  EXPECT_THAT(words,
              ElementsAre("f:3", "int:4", "n:4", "char:4", "c:4", "char:4", "q:4", "rand:4"));
}

TEST(LintLexer, KnowsDirectives) {
  const Source s =
      parse("sim/base/a.cpp", "#define A \\\n  rand()\n  # include  \"x/y.h\"\nint a;\n");
  EXPECT_THAT(lines(no_forbidden_names, "sim/base/a.cpp", s.text), ElementsAre(2));
  ASSERT_EQ(s.includes.size(), 1);
  EXPECT_EQ(s.includes[0].path, "x/y.h");
  EXPECT_EQ(s.includes[0].line, 3);
  EXPECT_FALSE(s.tokens.back().directive);
}

TEST(LintBites, ForbiddenNames) {
  const std::string text =
      "auto a = std::chrono::steady_clock::now();\n"
      "std::unordered_map<int, int> m;\n"
      "auto p = reinterpret_cast<std::uintptr_t>(&m);\n"
      "auto h = std::hash<int>{}(3);\n"
      "double d = std::log(2.0);\n"
      "auto fine = hash_of(log(3), shuffle(4));\n";
  EXPECT_THAT(lines(no_forbidden_names, "sim/world/a.cpp", text), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(lines(no_forbidden_names, "tools/cli/a.cpp", text), IsEmpty());
}

TEST(LintBites, RealNumbers) {
  EXPECT_THAT(lines(real_numbers, "sim/world/a.cpp", "int a;\ndouble b;\nfloat c;\n"),
              ElementsAre(2, 3));
  EXPECT_THAT(lines(real_numbers, "sim/world/latency.cpp", "double b;\n"), IsEmpty());
}

TEST(LintBites, OrderedPointers) {
  EXPECT_THAT(lines(ordered_pointers, "sim/world/a.cpp",
                    "std::map<const Node*, int> a;\nstd::set<std::pair<int, int>> b;\n"
                    "std::map<int, Node*> c;\nfmt::format(\"{}\", fmt::ptr(p));\n"
                    "boost::adjacency_list<boost::listS, boost::vecS> g;\n"),
              ElementsAre(1, 4, 5));
}

TEST(LintBites, OneDraw) {
  const auto draws = [](const std::string& statement) {
    return lines(one_draw, "protocols/x/a.cpp", "void f(Rng& a, Rng* b) {\n" + statement + "\n}\n");
  };
  EXPECT_THAT(draws("g(a.next(), b->next());"), ElementsAre(2));
  EXPECT_THAT(draws("g(1 + a.below(3),\n  h(a.between(r)));"), ElementsAre(3));
  EXPECT_THAT(draws("x = a.next() - a.next();"), ElementsAre(2));
  EXPECT_THAT(draws("Foo foo(Bar{a.next(), 1}, a.chance(p));"), ElementsAre(2));
  EXPECT_THAT(draws("g(a.chance(p) && a.chance(q), a.next());"), ElementsAre(2));
  EXPECT_THAT(draws("g([&] { return h(a.next(), a.next()); });"), ElementsAre(2));
}

TEST(LintBites, OneDrawKnowsWhatIsOrdered) {
  for (const char* statement :
       {"g(a.next());\ng(a.next());", "if (a.chance(p)) g(a.next());", "x = {a.next(), a.next()};",
        "x = a.chance(p) ? a.next() : a.next();", "if (a.chance(p) && a.chance(q)) return;",
        "g(a.below(a.next()));", "for (i = a.next(); a.chance(p);) g(a.next());",
        "g([&] { h(a.next()); return a.next(); }, [&] { return a.next(); });",
        "auto x = a.next(), y = a.next();", "if (c) { g(a.next()); } else { g(a.next()); }"}) {
    EXPECT_THAT(
        lines(one_draw, "sim/chaos/a.cpp", std::string("void f(Rng& a) {\n") + statement + "\n}\n"),
        IsEmpty())
        << statement;
  }
}

TEST(LintBites, IncludesGoDown) {
  const auto includes = [](const std::string& from, const std::string& to) {
    return lines(includes_go_down, from, "#include <map>\n#include \"" + to + "\"\n").size();
  };
  EXPECT_EQ(includes("sim/base/a.h", "sim/kernel/b.h"), 1);
  EXPECT_EQ(includes("sim/check/a.h", "sim/trace/b.h"), 1);
  EXPECT_EQ(includes("sim/check/a.h", "protocols/protocol.h"), 1);
  EXPECT_EQ(includes("sim/run/a.h", "protocols/raft/server.h"), 1);
  EXPECT_EQ(includes("sim/run/a.h", "sim/scenario/scenario.h"), 1);
  EXPECT_EQ(includes("protocols/raft/a.h", "protocols/paxos/b.h"), 1);
  EXPECT_EQ(includes("protocols/raft/a.h", "sim/run/run.h"), 1);
  EXPECT_EQ(includes("sim/world/a.h", "tools/cli/b.h"), 1);
  EXPECT_EQ(includes("sim/world/a.h", "b.h"), 1);
  EXPECT_EQ(includes("sim/world/a.h", "sim/attic/b.h"), 1);
  EXPECT_THAT(lines(includes_go_down, "sim/attic/a.h", "// Nothing.\n"), ElementsAre(1));

  EXPECT_EQ(includes("sim/kernel/a.h", "sim/base/b.h"), 0);
  EXPECT_EQ(includes("sim/check/a.h", "sim/world/history.h"), 0);
  EXPECT_EQ(includes("protocols/raft/a.h", "protocols/raft/b.h"), 0);
  EXPECT_EQ(includes("protocols/raft/a.h", "protocols/protocol.h"), 0);
  EXPECT_EQ(includes("protocols/protocol.h", "sim/check/invariant.h"), 0);
  EXPECT_EQ(includes("sim/run/a.h", "protocols/protocol.h"), 0);
  EXPECT_EQ(includes("tools/cli/a.cpp", "sim/scenario/b.h"), 0);
}

TEST(LintBites, LibrariesStayInTheirRoom) {
  const auto uses = [](const std::string& path, const std::string& header) {
    return lines(libraries_stay_in_their_room, path, "#include <" + header + ">\n").size();
  };
  EXPECT_EQ(uses("sim/run/a.cpp", "yaml-cpp/yaml.h"), 1);
  EXPECT_EQ(uses("sim/run/a.cpp", "nlohmann/json.hpp"), 1);
  EXPECT_EQ(uses("protocols/raft/a.cpp", "CLI/CLI.hpp"), 1);
  EXPECT_EQ(uses("sim/world/network.cpp", "boost/graph/adjacency_list.hpp"), 1);
  EXPECT_EQ(uses("sim/scenario/a.cpp", "yaml-cpp/yaml.h"), 0);
  EXPECT_EQ(uses("sim/world/topology.cpp", "boost/graph/adjacency_list.hpp"), 0);
  EXPECT_EQ(uses("tools/cli/a.cpp", "CLI/CLI.hpp"), 0);
}

TEST(LintBites, NothingPrints) {
  const std::string text =
      "printf(\"x\");\nstd::cout << 1;\nfmt::print(\"x\");\nprint(x);\nstd::fputs(s, f);\n";
  EXPECT_THAT(lines(nothing_prints, "sim/run/a.cpp", text), ElementsAre(1, 2, 3, 5));
  EXPECT_THAT(lines(nothing_prints, "tools/cli/a.cpp", text), IsEmpty());
}

TEST(LintBites, Layout) {
  EXPECT_THAT(lines(layout, "tools/cli/a.cpp", std::string(100, 'x') + "\n"), IsEmpty());
  EXPECT_THAT(
      lines(layout, "tools/cli/a.cpp", "a\n" + std::string(101, 'x') + "\n\tb\nc \nd\r\nlast"),
      ElementsAre(2, 3, 4, 5, 6));
}

TEST(LintBites, Headers) {
  EXPECT_THAT(lines(headers, "sim/base/a.h", "// What.\n#pragma once\n"), IsEmpty());
  EXPECT_THAT(lines(headers, "sim/base/a.h", "#pragma once\n// What.\n"), ElementsAre(1));
  EXPECT_THAT(lines(headers, "sim/base/a.h", "// What: #pragma once\n"), ElementsAre(1));
  EXPECT_THAT(lines(headers, "sim/base/a.cpp", "int a;\n"), IsEmpty());
}

TEST(LintBites, FileSize) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "// x\n";
  EXPECT_THAT(lines(sizes, "tests/base/a.cpp", text), IsEmpty());
  EXPECT_THAT(lines(sizes, "tests/base/a.cpp", text + "// y\n"), ElementsAre(501));
}

TEST(LintBites, FunctionSize) {
  const auto with = [](const std::string& head, int body_lines) {
    std::string body;
    for (int i = 0; i < body_lines; ++i) body += "  if (x) { f(\"}\"); }\n";
    return "namespace a {\n" + head + " {\n" + body + "}\n}\n";
  };
  const std::string table = "constexpr int kTable[] =";
  for (const std::string head :
       {"void f(int x = 3)", "template <class T = int>\nauto g(T t) -> std::string",
        "Foo::Foo() : a_{1}, b_(2), c_{}", "bool operator=(const Foo& f) const noexcept"}) {
    const int head_lines = head.starts_with("template") ? 2 : 1;
    EXPECT_THAT(lines(sizes, "sim/run/a.cpp", with(head, 69 - head_lines)), IsEmpty()) << head;
    EXPECT_THAT(lines(sizes, "sim/run/a.cpp", with(head, 70)), ElementsAre(head_lines + 1)) << head;
    EXPECT_THAT(lines(sizes, "sim/run/a.cpp", with("struct S {\n" + head, 70) + "};\n"),
                ElementsAre(head_lines + 2))
        << head;
  }
  EXPECT_THAT(lines(sizes, "sim/run/a.cpp", with(table, 100)), IsEmpty());
  EXPECT_THAT(lines(sizes, "tools/cli/a.cpp", with("void f()", 100)), IsEmpty());
}

TEST(LintBites, MutableGlobals) {
  const std::string text =
      "namespace seedbed {\n"
      "static int calls = 0;\n"
      "std::vector<int> cache;\n"
      "const Node* current{};\n"
      "struct Pool {\n"
      "  static inline Pool* shared;\n"
      "};\n"
      "int next() {\n"
      "  static int n;\n"
      "  return ++n;\n"
      "}\n"
      "thread_local Rng rng(3);\n"
      "constinit Pool pool{};\n"
      "}\n";
  EXPECT_THAT(lines(mutable_globals, "sim/run/a.cpp", text), ElementsAre(2, 3, 4, 6, 9, 12, 13));
}

TEST(LintBites, MutableGlobalsKnowsConstants) {
  const std::string text =
      "extern const Protocol kProtocol;\n"
      "constinit const std::array<const Protocol*, 1> kAll = {&kProtocol};\n"
      "const char* const kName = \"x\";\n"
      "template <class T>\n"
      "inline constexpr std::size_t kSize = sizeof(T);\n"
      "using Index = int;\n"
      "class Later;\n"
      "enum class Kind : int { kA, kB };\n"
      "Duration later(Duration d = Duration{3});\n"
      "struct Node {\n"
      "  static Node make(int id);\n"
      "  static constexpr int kMany = 3;\n"
      "  Node& operator=(const Node&) = default;\n"
      "  int id = 0;\n"
      "  bool alive{};\n"
      "};\n"
      "const std::vector<int>& table() {\n"
      "  static const std::vector<int> kTable = {1, 2};\n"
      "  return kTable;\n"
      "}\n";
  EXPECT_THAT(lines(mutable_globals, "sim/run/a.cpp", text), IsEmpty());
}

}  // namespace
}  // namespace seedbed::lint
