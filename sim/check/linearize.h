// Is there a linearization? By the quickest way there is for a model: without a search where it is
// plain what each operation saw, by the search of linearizer.h else.
//
//   Linearization<State> found = linearize(model, calls, meter);
#pragma once

#include <span>

#include "sim/check/linearizability.h"
#include "sim/check/linearizer.h"
#include "sim/check/models.h"
#include "sim/check/plain_orders.h"
#include "sim/check/register_blocks.h"

namespace seedbed {

/// A model may have `as_register(calls)`: the same question about a register, as an optional struct
/// with a `model`, its `calls`, and the `source` of each, the index of the call it stands for. The
/// verdict holds for the model, too, but where the struct is `relaxed` only that it fails. And
/// `after(order, calls)`: the state at its end.
template <LinearizableModel Model>
Linearization<typename Model::State> linearize(const Model& model,
                                               std::span<const Call<typename Model::Op>> calls,
                                               Meter& meter) {
  if constexpr (requires { model.as_register(calls); }) {
    if (const auto same = model.as_register(calls)) {
      auto found = linearize(same->model, std::span<const Call<Act>>(same->calls), meter);
      if (!same->relaxed || found.verdict == Verdict::kFail) {
        for (std::uint32_t& i : found.order) i = same->source[i];
        Linearization<typename Model::State> r{
            found.verdict, std::move(found.order), {}, 0, found.failed_by,
            found.bytes,   found.configurations};
        if (r.verdict == Verdict::kPass) r.state = model.after(r.order, calls);
        return r;
      }
    }
  }
  if constexpr (RegisterModel<Model>) {
    if (auto found = RegisterBlocks<Model>(model, calls).run(meter)) return *found;
  }
  if constexpr (requires { plain_order(model, calls, meter); }) {
    if (auto found = plain_order(model, calls, meter)) return *found;
  }
  return Linearizer<Model>(model, calls, meter).run();
}

}  // namespace seedbed
