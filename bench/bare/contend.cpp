#include "bench/bare/contend.h"

#include <memory>
#include <string>

#include "bench/bare/nodes.h"
#include "bench/bare/quad_heap.h"

namespace seedbed::bench {

namespace {

template <class Loop>
void contend(Figure& figure, std::string name, std::uint32_t nodes, Range<Duration> latency,
             Amount amount) {
  const auto loop = std::make_shared<Loop>(nodes, latency);
  const auto run = [loop, amount](std::int64_t n) {
    const std::int64_t events = amount.whole == 0 ? n : n + n / amount.whole;
    for (std::int64_t i = 0; i < events; ++i) loop->step();
  };
  run(amount.warm_up);
  figure.add(Side::kBare, std::move(name), items(amount.round, run, amount.lead));
}

}  // namespace

template <template <class> class Node>
void contend_bare(Figure& figure, std::uint32_t nodes, Range<Duration> latency, Amount amount) {
  contend<PlainLoop<Node, QuadHeap>>(figure, "4-ary heap", nodes, latency, amount);
  contend<PlainLoop<Node, RadixHeap>>(figure, "radix heap", nodes, latency, amount);
  contend<PrefetchLoop<Node>>(figure, "radix heap, prefetch", nodes, latency, amount);
}

template void contend_bare<bare::Ring>(Figure&, std::uint32_t, Range<Duration>, Amount);
template void contend_bare<bare::PingPong>(Figure&, std::uint32_t, Range<Duration>, Amount);
template void contend_bare<bare::Random>(Figure&, std::uint32_t, Range<Duration>, Amount);
template void contend_bare<bare::RequestReply>(Figure&, std::uint32_t, Range<Duration>, Amount);
template void contend_bare<bare::Broadcast>(Figure&, std::uint32_t, Range<Duration>, Amount);
template void contend_bare<bare::Sleeper>(Figure&, std::uint32_t, Range<Duration>, Amount);

}  // namespace seedbed::bench
