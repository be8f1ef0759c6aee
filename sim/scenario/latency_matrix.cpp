#include "sim/scenario/latency_matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "sim/scenario/data_file.h"
#include "sim/scenario/forms.h"
#include "sim/scenario/units.h"

namespace seedbed {

namespace {

constexpr std::size_t kMostBytesOfMatrix = std::size_t{16} << 20;
constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\"'");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n\"'") - first + 1);
}

class Matrix {
 public:
  Matrix(const Cursor& at, const DataFile& file, bool seconds)
      : at_(at), file_(file), seconds_(seconds) {}

  std::optional<LatencyMatrix> read() {
    const std::string_view text = file_.text;
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) {
      complain(1, 1, "an empty file");
    } else if (text[first] == '{') {
      read_tree(file_.text);
    } else if (const std::size_t list = text.find('['); list != text.npos) {
      read_script(list);
    } else if (text.substr(0, text.find('\n')).find_first_of(",;") != text.npos) {
      read_table();
    } else {
      read_numbers();
    }
    if (!good_) return std::nullopt;
    return std::move(out_);
  }

 private:
  void complain(int line, std::size_t column, std::string message) {
    if (!good_) return;  // the first is enough
    good_ = false;
    at_.errors().add_elsewhere(file_.name, line, static_cast<int>(column), at_.path(),
                               std::move(message));
  }

  std::optional<Duration> value(std::string_view word, int line, std::size_t column) {
    const bool number = word.find_first_not_of("0123456789.") == word.npos;
    Parsed<Duration> parsed = number ? parse_milliseconds(word) : parse_duration(word);
    constexpr Duration kFar = 3'600_s;
    const std::int64_t scale = number && seconds_ ? 1000 : 1;
    if (parsed.value && *parsed.value > kFar) parsed = {{}, in_quotes(word) + " is too long"};
    if (!parsed.value) return complain(line, column, parsed.error), std::nullopt;
    return *parsed.value * scale;
  }

  /// Of the names once they are known.
  bool lay_out(std::vector<std::string> names) {
    std::set<std::string_view> seen;
    for (const std::string& name : names) {
      if (!seen.insert(name).second) complain(1, 1, in_quotes(name) + " is there twice");
    }
    if (names.size() > LatencyMatrix::kMostRegions) {
      complain(1, 1, fmt::format("more than {} regions", LatencyMatrix::kMostRegions));
    }
    if (!good_) return false;
    out_.values.resize(names.size() * names.size());
    out_.names = std::move(names);
    return true;
  }

  std::size_t index_of(std::string_view name) const {
    const auto found = std::find(out_.names.begin(), out_.names.end(), name);
    return static_cast<std::size_t>(found - out_.names.begin());
  }

  /// Calls `f(line number, text)` until it is not good any more.
  template <class F>
  void each_line(F f) {
    std::string_view rest = file_.text;
    for (int line = 1; !rest.empty() && good_; ++line) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      if (rest.substr(0, end).find_first_not_of(kBlanks) != rest.npos) f(line, rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  struct Word {
    std::string_view text;
    std::size_t column;
  };
  static std::vector<Word> split(std::string_view line, std::string_view separators) {
    std::vector<Word> words;
    for (std::size_t i = 0; i <= line.size();) {
      const std::size_t end = std::min(line.find_first_of(separators, i), line.size());
      words.push_back({trimmed(line.substr(i, end - i)), i + 1});
      i = end + 1;
    }
    return words;
  }

  void read_table() {
    each_line([&](int line, std::string_view text) {
      const std::vector<Word> words = split(text, ",;");
      if (out_.names.empty()) {
        std::vector<std::string> names;
        for (std::size_t i = 1; i < words.size(); ++i) names.emplace_back(words[i].text);
        lay_out(std::move(names));
        return;
      }
      const std::size_t row = index_of(words[0].text);
      if (row == out_.names.size()) {
        return complain(line, 1, in_quotes(words[0].text) + " is not in the first line");
      }
      if (words.size() > out_.names.size() + 1) {
        return complain(line, words.back().column, "more numbers than regions");
      }
      for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i].text.empty() || words[i].text == "-") continue;
        put(row, i - 1, value(words[i].text, line, words[i].column));
      }
    });
  }

  void read_numbers() {
    std::size_t row = 0;
    each_line([&](int line, std::string_view text) {
      std::vector<Word> words = split(text, " \t\r");
      std::erase_if(words, [](const Word& w) { return w.text.empty(); });
      if (row == 0) {
        std::vector<std::string> names;
        for (std::size_t i = 1; i <= words.size(); ++i) names.push_back(fmt::format("r{}", i));
        if (!lay_out(std::move(names))) return;
      }
      if (words.size() != out_.names.size() || row == out_.names.size()) {
        return complain(line, 1,
                        fmt::format("{} numbers in line {} of {}: not a square", words.size(),
                                    row + 1, out_.names.size()));
      }
      for (std::size_t i = 0; i < words.size(); ++i) {
        put(row, i, value(words[i].text, line, words[i].column));
      }
      ++row;
    });
    if (good_ && row != out_.names.size()) {
      complain(1, 1, fmt::format("{} lines of {} numbers: not a square", row, out_.names.size()));
    }
  }

  void put(std::size_t from, std::size_t to, std::optional<Duration> latency) {
    if (good_) out_.values[from * out_.names.size() + to] = latency;
  }

  std::optional<YamlNode> parse(const std::string& text) {
    Errors errors({file_.name});
    std::optional<YamlNode> root = parse_yaml(text, 0, "", errors);
    if (errors.none()) return root;
    const ScenarioError first = errors.take().front();
    complain(first.line, static_cast<std::size_t>(first.column), first.message);
    return std::nullopt;
  }

  /// JSON is YAML.
  void read_tree(const std::string& text) {
    const auto root = parse(text);
    if (!root) return;
    const YamlNode* data = root->find("data");
    const YamlNode& regions = data != nullptr ? *data : *root;
    std::vector<std::string> names;
    for (const YamlNode& row : regions.children) names.push_back(row.key);
    if (!lay_out(std::move(names))) return;
    for (std::size_t i = 0; i < regions.children.size(); ++i) put_row(i, regions.children[i]);
  }

  /// `const regions = [ { name: 'x', latencies: { 'y': 1.5 } }, ... ];`
  void read_script(std::size_t begin) {
    std::string text = file_.text;
    const std::size_t end = std::min(text.rfind(']') + 1, text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
      if ((i < begin || i >= end) && text[i] != '\n') text[i] = ' ';
    }
    const auto root = parse(text);
    if (!root) return;
    std::vector<std::string> names;
    for (const YamlNode& region : root->children) {
      const YamlNode* name = region.find("name");
      if (name == nullptr) return complain(region.place.line, 1, "a region without a name");
      names.push_back(name->text);
    }
    if (!lay_out(std::move(names))) return;
    for (std::size_t i = 0; i < root->children.size(); ++i) {
      const YamlNode* row = root->children[i].find("latencies");
      if (row != nullptr) put_row(i, *row);
    }
  }

  void put_row(std::size_t from, const YamlNode& row) {
    for (const YamlNode& cell : row.children) {
      const std::size_t to = index_of(cell.key);
      const auto column = static_cast<std::size_t>(cell.place.column);
      if (!cell.is_scalar()) return complain(cell.place.line, column, "not a number");
      if (to == out_.names.size()) continue;  // a region of which nothing else is known
      put(from, to, value(cell.text, cell.place.line, column));
    }
  }

  const Cursor& at_;
  const DataFile& file_;
  bool seconds_;
  bool good_ = true;
  LatencyMatrix out_;
};

}  // namespace

std::optional<LatencyMatrix> read_latency_matrix(const Cursor& at, const std::string& file,
                                                 bool seconds) {
  const auto data = read_data_file(at, file, kMostBytesOfMatrix);
  if (!data) return std::nullopt;
  return Matrix(at, *data, seconds).read();
}

}  // namespace seedbed
