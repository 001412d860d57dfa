// Generated from hw/abi/contract.toml by hw/abi/gen.py; do not edit.
// Elaborates only if every record has its size and every field its offset.
`default_nettype none
module pl_abi_check;
  if ($bits(pl_abi_pkg::pl_model_t) != 512) begin : g_model_size $error("size of model"); end
  function automatic logic [511:0] f_model_kind(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_model_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_model_kind $error("offset of model.kind"); end
  function automatic logic [511:0] f_model_reserved0(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.reserved0 = {24{1'b1}};
    f_model_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_reserved0(1'b0) != ({512'b0} | (512'({24{1'b1}}) << 8))) begin : g_model_reserved0 $error("offset of model.reserved0"); end
  function automatic logic [511:0] f_model_model_version(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.model_version = {32{1'b1}};
    f_model_model_version = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_model_version(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_model_model_version $error("offset of model.model_version"); end
  function automatic logic [511:0] f_model_table_version(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.table_version = {32{1'b1}};
    f_model_table_version = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_table_version(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 64))) begin : g_model_table_version $error("offset of model.table_version"); end
  function automatic logic [511:0] f_model_instruments(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.instruments = {32{1'b1}};
    f_model_instruments = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_instruments(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 96))) begin : g_model_instruments $error("offset of model.instruments"); end
  function automatic logic [511:0] f_model_expiries(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.expiries = {32{1'b1}};
    f_model_expiries = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_expiries(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 128))) begin : g_model_expiries $error("offset of model.expiries"); end
  function automatic logic [511:0] f_model_underlyings(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.underlyings = {32{1'b1}};
    f_model_underlyings = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_underlyings(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 160))) begin : g_model_underlyings $error("offset of model.underlyings"); end
  function automatic logic [511:0] f_model_classes(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.classes = {32{1'b1}};
    f_model_classes = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_classes(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 192))) begin : g_model_classes $error("offset of model.classes"); end
  function automatic logic [511:0] f_model_scenario_tables(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.scenario_tables = {32{1'b1}};
    f_model_scenario_tables = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_scenario_tables(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 224))) begin : g_model_scenario_tables $error("offset of model.scenario_tables"); end
  function automatic logic [511:0] f_model_bracket_tables(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.bracket_tables = {32{1'b1}};
    f_model_bracket_tables = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_bracket_tables(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 256))) begin : g_model_bracket_tables $error("offset of model.bracket_tables"); end
  function automatic logic [511:0] f_model_offset_groups(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.offset_groups = {32{1'b1}};
    f_model_offset_groups = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_offset_groups(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 288))) begin : g_model_offset_groups $error("offset of model.offset_groups"); end
  function automatic logic [511:0] f_model_multipliers(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.multipliers = {32{1'b1}};
    f_model_multipliers = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_multipliers(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 320))) begin : g_model_multipliers $error("offset of model.multipliers"); end
  function automatic logic [511:0] f_model_reserved1(input logic unused);
    pl_abi_pkg::pl_model_t v;
    v = '0;
    v.reserved1 = {160{1'b1}};
    f_model_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_model_reserved1(1'b0) != ({512'b0} | (512'({160{1'b1}}) << 352))) begin : g_model_reserved1 $error("offset of model.reserved1"); end
  if ($bits(pl_abi_pkg::pl_scenario_t) != 512) begin : g_scenario_size $error("size of scenario"); end
  function automatic logic [511:0] f_scenario_kind(input logic unused);
    pl_abi_pkg::pl_scenario_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_scenario_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_scenario_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_scenario_kind $error("offset of scenario.kind"); end
  function automatic logic [511:0] f_scenario_vol_rule(input logic unused);
    pl_abi_pkg::pl_scenario_t v;
    v = '0;
    v.vol_rule = {8{1'b1}};
    f_scenario_vol_rule = v | {512{unused & 1'b0}};
  endfunction
  if (f_scenario_vol_rule(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_scenario_vol_rule $error("offset of scenario.vol_rule"); end
  function automatic logic [511:0] f_scenario_reserved0(input logic unused);
    pl_abi_pkg::pl_scenario_t v;
    v = '0;
    v.reserved0 = {16{1'b1}};
    f_scenario_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_scenario_reserved0(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 16))) begin : g_scenario_reserved0 $error("offset of scenario.reserved0"); end
  function automatic logic [511:0] f_scenario_scenario_table(input logic unused);
    pl_abi_pkg::pl_scenario_t v;
    v = '0;
    v.scenario_table = {16{1'b1}};
    f_scenario_scenario_table = v | {512{unused & 1'b0}};
  endfunction
  if (f_scenario_scenario_table(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 32))) begin : g_scenario_scenario_table $error("offset of scenario.scenario_table"); end
  function automatic logic [511:0] f_scenario_index(input logic unused);
    pl_abi_pkg::pl_scenario_t v;
    v = '0;
    v.index = {8{1'b1}};
    f_scenario_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_scenario_index(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 48))) begin : g_scenario_index $error("offset of scenario.index"); end
  function automatic logic [511:0] f_scenario_count(input logic unused);
    pl_abi_pkg::pl_scenario_t v;
    v = '0;
    v.count = {8{1'b1}};
    f_scenario_count = v | {512{unused & 1'b0}};
  endfunction
  if (f_scenario_count(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 56))) begin : g_scenario_count $error("offset of scenario.count"); end
  function automatic logic [511:0] f_scenario_shock(input logic unused);
    pl_abi_pkg::pl_scenario_t v;
    v = '0;
    v.shock = {64{1'b1}};
    f_scenario_shock = v | {512{unused & 1'b0}};
  endfunction
  if (f_scenario_shock(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_scenario_shock $error("offset of scenario.shock"); end
  function automatic logic [511:0] f_scenario_dampening(input logic unused);
    pl_abi_pkg::pl_scenario_t v;
    v = '0;
    v.dampening = {64{1'b1}};
    f_scenario_dampening = v | {512{unused & 1'b0}};
  endfunction
  if (f_scenario_dampening(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_scenario_dampening $error("offset of scenario.dampening"); end
  function automatic logic [511:0] f_scenario_reserved1(input logic unused);
    pl_abi_pkg::pl_scenario_t v;
    v = '0;
    v.reserved1 = {320{1'b1}};
    f_scenario_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_scenario_reserved1(1'b0) != ({512'b0} | (512'({320{1'b1}}) << 192))) begin : g_scenario_reserved1 $error("offset of scenario.reserved1"); end
  if ($bits(pl_abi_pkg::pl_underlying_t) != 512) begin : g_underlying_size $error("size of underlying"); end
  function automatic logic [511:0] f_underlying_kind(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_underlying_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_underlying_kind $error("offset of underlying.kind"); end
  function automatic logic [511:0] f_underlying_offset_group(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.offset_group = {8{1'b1}};
    f_underlying_offset_group = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_offset_group(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_underlying_offset_group $error("offset of underlying.offset_group"); end
  function automatic logic [511:0] f_underlying_scenario_count(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.scenario_count = {8{1'b1}};
    f_underlying_scenario_count = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_scenario_count(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 16))) begin : g_underlying_scenario_count $error("offset of underlying.scenario_count"); end
  function automatic logic [511:0] f_underlying_reserved0(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.reserved0 = {8{1'b1}};
    f_underlying_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_reserved0(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 24))) begin : g_underlying_reserved0 $error("offset of underlying.reserved0"); end
  function automatic logic [511:0] f_underlying_index(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.index = {16{1'b1}};
    f_underlying_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_index(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 32))) begin : g_underlying_index $error("offset of underlying.index"); end
  function automatic logic [511:0] f_underlying_scenario_table(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.scenario_table = {16{1'b1}};
    f_underlying_scenario_table = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_scenario_table(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 48))) begin : g_underlying_scenario_table $error("offset of underlying.scenario_table"); end
  function automatic logic [511:0] f_underlying_mm_loss_factor(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.mm_loss_factor = {64{1'b1}};
    f_underlying_mm_loss_factor = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_mm_loss_factor(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_underlying_mm_loss_factor $error("offset of underlying.mm_loss_factor"); end
  function automatic logic [511:0] f_underlying_im_loss_factor(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.im_loss_factor = {64{1'b1}};
    f_underlying_im_loss_factor = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_im_loss_factor(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_underlying_im_loss_factor $error("offset of underlying.im_loss_factor"); end
  function automatic logic [511:0] f_underlying_basis_up(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.basis_up = {64{1'b1}};
    f_underlying_basis_up = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_basis_up(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_underlying_basis_up $error("offset of underlying.basis_up"); end
  function automatic logic [511:0] f_underlying_basis_down(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.basis_down = {64{1'b1}};
    f_underlying_basis_down = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_basis_down(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 256))) begin : g_underlying_basis_down $error("offset of underlying.basis_down"); end
  function automatic logic [511:0] f_underlying_vol_floor(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.vol_floor = {64{1'b1}};
    f_underlying_vol_floor = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_vol_floor(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 320))) begin : g_underlying_vol_floor $error("offset of underlying.vol_floor"); end
  function automatic logic [511:0] f_underlying_naked_im(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.naked_im = {64{1'b1}};
    f_underlying_naked_im = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_naked_im(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 384))) begin : g_underlying_naked_im $error("offset of underlying.naked_im"); end
  function automatic logic [511:0] f_underlying_reserved1(input logic unused);
    pl_abi_pkg::pl_underlying_t v;
    v = '0;
    v.reserved1 = {64{1'b1}};
    f_underlying_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_reserved1(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 448))) begin : g_underlying_reserved1 $error("offset of underlying.reserved1"); end
  if ($bits(pl_abi_pkg::pl_expiry_t) != 512) begin : g_expiry_size $error("size of expiry"); end
  function automatic logic [511:0] f_expiry_kind(input logic unused);
    pl_abi_pkg::pl_expiry_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_expiry_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_expiry_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_expiry_kind $error("offset of expiry.kind"); end
  function automatic logic [511:0] f_expiry_row_shift(input logic unused);
    pl_abi_pkg::pl_expiry_t v;
    v = '0;
    v.row_shift = {8{1'b1}};
    f_expiry_row_shift = v | {512{unused & 1'b0}};
  endfunction
  if (f_expiry_row_shift(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_expiry_row_shift $error("offset of expiry.row_shift"); end
  function automatic logic [511:0] f_expiry_reserved0(input logic unused);
    pl_abi_pkg::pl_expiry_t v;
    v = '0;
    v.reserved0 = {16{1'b1}};
    f_expiry_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_expiry_reserved0(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 16))) begin : g_expiry_reserved0 $error("offset of expiry.reserved0"); end
  function automatic logic [511:0] f_expiry_index(input logic unused);
    pl_abi_pkg::pl_expiry_t v;
    v = '0;
    v.index = {16{1'b1}};
    f_expiry_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_expiry_index(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 32))) begin : g_expiry_index $error("offset of expiry.index"); end
  function automatic logic [511:0] f_expiry_underlying(input logic unused);
    pl_abi_pkg::pl_expiry_t v;
    v = '0;
    v.underlying = {16{1'b1}};
    f_expiry_underlying = v | {512{unused & 1'b0}};
  endfunction
  if (f_expiry_underlying(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 48))) begin : g_expiry_underlying $error("offset of expiry.underlying"); end
  function automatic logic [511:0] f_expiry_perpetual(input logic unused);
    pl_abi_pkg::pl_expiry_t v;
    v = '0;
    v.perpetual = {8{1'b1}};
    f_expiry_perpetual = v | {512{unused & 1'b0}};
  endfunction
  if (f_expiry_perpetual(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 64))) begin : g_expiry_perpetual $error("offset of expiry.perpetual"); end
  function automatic logic [511:0] f_expiry_scenario(input logic unused);
    pl_abi_pkg::pl_expiry_t v;
    v = '0;
    v.scenario = {8{1'b1}};
    f_expiry_scenario = v | {512{unused & 1'b0}};
  endfunction
  if (f_expiry_scenario(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 72))) begin : g_expiry_scenario $error("offset of expiry.scenario"); end
  function automatic logic [511:0] f_expiry_reserved1(input logic unused);
    pl_abi_pkg::pl_expiry_t v;
    v = '0;
    v.reserved1 = {48{1'b1}};
    f_expiry_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_expiry_reserved1(1'b0) != ({512'b0} | (512'({48{1'b1}}) << 80))) begin : g_expiry_reserved1 $error("offset of expiry.reserved1"); end
  function automatic logic [511:0] f_expiry_reserved2(input logic unused);
    pl_abi_pkg::pl_expiry_t v;
    v = '0;
    v.reserved2 = {384{1'b1}};
    f_expiry_reserved2 = v | {512{unused & 1'b0}};
  endfunction
  if (f_expiry_reserved2(1'b0) != ({512'b0} | (512'({384{1'b1}}) << 128))) begin : g_expiry_reserved2 $error("offset of expiry.reserved2"); end
  if ($bits(pl_abi_pkg::pl_instrument_t) != 512) begin : g_instrument_size $error("size of instrument"); end
  function automatic logic [511:0] f_instrument_kind(input logic unused);
    pl_abi_pkg::pl_instrument_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_instrument_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_instrument_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_instrument_kind $error("offset of instrument.kind"); end
  function automatic logic [511:0] f_instrument_row(input logic unused);
    pl_abi_pkg::pl_instrument_t v;
    v = '0;
    v.row = {8{1'b1}};
    f_instrument_row = v | {512{unused & 1'b0}};
  endfunction
  if (f_instrument_row(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_instrument_row $error("offset of instrument.row"); end
  function automatic logic [511:0] f_instrument_is_call(input logic unused);
    pl_abi_pkg::pl_instrument_t v;
    v = '0;
    v.is_call = {8{1'b1}};
    f_instrument_is_call = v | {512{unused & 1'b0}};
  endfunction
  if (f_instrument_is_call(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 16))) begin : g_instrument_is_call $error("offset of instrument.is_call"); end
  function automatic logic [511:0] f_instrument_is_asset(input logic unused);
    pl_abi_pkg::pl_instrument_t v;
    v = '0;
    v.is_asset = {8{1'b1}};
    f_instrument_is_asset = v | {512{unused & 1'b0}};
  endfunction
  if (f_instrument_is_asset(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 24))) begin : g_instrument_is_asset $error("offset of instrument.is_asset"); end
  function automatic logic [511:0] f_instrument_index(input logic unused);
    pl_abi_pkg::pl_instrument_t v;
    v = '0;
    v.index = {32{1'b1}};
    f_instrument_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_instrument_index(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_instrument_index $error("offset of instrument.index"); end
  function automatic logic [511:0] f_instrument_expiry(input logic unused);
    pl_abi_pkg::pl_instrument_t v;
    v = '0;
    v.expiry = {16{1'b1}};
    f_instrument_expiry = v | {512{unused & 1'b0}};
  endfunction
  if (f_instrument_expiry(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 64))) begin : g_instrument_expiry $error("offset of instrument.expiry"); end
  function automatic logic [511:0] f_instrument_margin_class(input logic unused);
    pl_abi_pkg::pl_instrument_t v;
    v = '0;
    v.margin_class = {16{1'b1}};
    f_instrument_margin_class = v | {512{unused & 1'b0}};
  endfunction
  if (f_instrument_margin_class(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 80))) begin : g_instrument_margin_class $error("offset of instrument.margin_class"); end
  function automatic logic [511:0] f_instrument_reserved0(input logic unused);
    pl_abi_pkg::pl_instrument_t v;
    v = '0;
    v.reserved0 = {32{1'b1}};
    f_instrument_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_instrument_reserved0(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 96))) begin : g_instrument_reserved0 $error("offset of instrument.reserved0"); end
  function automatic logic [511:0] f_instrument_strike(input logic unused);
    pl_abi_pkg::pl_instrument_t v;
    v = '0;
    v.strike = {64{1'b1}};
    f_instrument_strike = v | {512{unused & 1'b0}};
  endfunction
  if (f_instrument_strike(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_instrument_strike $error("offset of instrument.strike"); end
  function automatic logic [511:0] f_instrument_unit(input logic unused);
    pl_abi_pkg::pl_instrument_t v;
    v = '0;
    v.unit = {64{1'b1}};
    f_instrument_unit = v | {512{unused & 1'b0}};
  endfunction
  if (f_instrument_unit(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_instrument_unit $error("offset of instrument.unit"); end
  function automatic logic [511:0] f_instrument_reserved1(input logic unused);
    pl_abi_pkg::pl_instrument_t v;
    v = '0;
    v.reserved1 = {256{1'b1}};
    f_instrument_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_instrument_reserved1(1'b0) != ({512'b0} | (512'({256{1'b1}}) << 256))) begin : g_instrument_reserved1 $error("offset of instrument.reserved1"); end
  if ($bits(pl_abi_pkg::pl_class_t) != 512) begin : g_class_size $error("size of class"); end
  function automatic logic [511:0] f_class_kind(input logic unused);
    pl_abi_pkg::pl_class_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_class_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_class_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_class_kind $error("offset of class.kind"); end
  function automatic logic [511:0] f_class_reserved0(input logic unused);
    pl_abi_pkg::pl_class_t v;
    v = '0;
    v.reserved0 = {8{1'b1}};
    f_class_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_class_reserved0(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_class_reserved0 $error("offset of class.reserved0"); end
  function automatic logic [511:0] f_class_index(input logic unused);
    pl_abi_pkg::pl_class_t v;
    v = '0;
    v.index = {16{1'b1}};
    f_class_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_class_index(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 16))) begin : g_class_index $error("offset of class.index"); end
  function automatic logic [511:0] f_class_long_brackets(input logic unused);
    pl_abi_pkg::pl_class_t v;
    v = '0;
    v.long_brackets = {16{1'b1}};
    f_class_long_brackets = v | {512{unused & 1'b0}};
  endfunction
  if (f_class_long_brackets(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 32))) begin : g_class_long_brackets $error("offset of class.long_brackets"); end
  function automatic logic [511:0] f_class_short_brackets(input logic unused);
    pl_abi_pkg::pl_class_t v;
    v = '0;
    v.short_brackets = {16{1'b1}};
    f_class_short_brackets = v | {512{unused & 1'b0}};
  endfunction
  if (f_class_short_brackets(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 48))) begin : g_class_short_brackets $error("offset of class.short_brackets"); end
  function automatic logic [511:0] f_class_mm_long(input logic unused);
    pl_abi_pkg::pl_class_t v;
    v = '0;
    v.mm_long = {64{1'b1}};
    f_class_mm_long = v | {512{unused & 1'b0}};
  endfunction
  if (f_class_mm_long(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_class_mm_long $error("offset of class.mm_long"); end
  function automatic logic [511:0] f_class_mm_short(input logic unused);
    pl_abi_pkg::pl_class_t v;
    v = '0;
    v.mm_short = {64{1'b1}};
    f_class_mm_short = v | {512{unused & 1'b0}};
  endfunction
  if (f_class_mm_short(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_class_mm_short $error("offset of class.mm_short"); end
  function automatic logic [511:0] f_class_im_long(input logic unused);
    pl_abi_pkg::pl_class_t v;
    v = '0;
    v.im_long = {64{1'b1}};
    f_class_im_long = v | {512{unused & 1'b0}};
  endfunction
  if (f_class_im_long(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_class_im_long $error("offset of class.im_long"); end
  function automatic logic [511:0] f_class_im_short(input logic unused);
    pl_abi_pkg::pl_class_t v;
    v = '0;
    v.im_short = {64{1'b1}};
    f_class_im_short = v | {512{unused & 1'b0}};
  endfunction
  if (f_class_im_short(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 256))) begin : g_class_im_short $error("offset of class.im_short"); end
  function automatic logic [511:0] f_class_fee(input logic unused);
    pl_abi_pkg::pl_class_t v;
    v = '0;
    v.fee = {64{1'b1}};
    f_class_fee = v | {512{unused & 1'b0}};
  endfunction
  if (f_class_fee(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 320))) begin : g_class_fee $error("offset of class.fee"); end
  function automatic logic [511:0] f_class_reserved1(input logic unused);
    pl_abi_pkg::pl_class_t v;
    v = '0;
    v.reserved1 = {128{1'b1}};
    f_class_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_class_reserved1(1'b0) != ({512'b0} | (512'({128{1'b1}}) << 384))) begin : g_class_reserved1 $error("offset of class.reserved1"); end
  if ($bits(pl_abi_pkg::pl_bracket_t) != 512) begin : g_bracket_size $error("size of bracket"); end
  function automatic logic [511:0] f_bracket_kind(input logic unused);
    pl_abi_pkg::pl_bracket_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_bracket_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_bracket_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_bracket_kind $error("offset of bracket.kind"); end
  function automatic logic [511:0] f_bracket_index(input logic unused);
    pl_abi_pkg::pl_bracket_t v;
    v = '0;
    v.index = {8{1'b1}};
    f_bracket_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_bracket_index(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_bracket_index $error("offset of bracket.index"); end
  function automatic logic [511:0] f_bracket_count(input logic unused);
    pl_abi_pkg::pl_bracket_t v;
    v = '0;
    v.count = {8{1'b1}};
    f_bracket_count = v | {512{unused & 1'b0}};
  endfunction
  if (f_bracket_count(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 16))) begin : g_bracket_count $error("offset of bracket.count"); end
  function automatic logic [511:0] f_bracket_reserved0(input logic unused);
    pl_abi_pkg::pl_bracket_t v;
    v = '0;
    v.reserved0 = {8{1'b1}};
    f_bracket_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_bracket_reserved0(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 24))) begin : g_bracket_reserved0 $error("offset of bracket.reserved0"); end
  function automatic logic [511:0] f_bracket_bracket_table(input logic unused);
    pl_abi_pkg::pl_bracket_t v;
    v = '0;
    v.bracket_table = {16{1'b1}};
    f_bracket_bracket_table = v | {512{unused & 1'b0}};
  endfunction
  if (f_bracket_bracket_table(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 32))) begin : g_bracket_bracket_table $error("offset of bracket.bracket_table"); end
  function automatic logic [511:0] f_bracket_reserved1(input logic unused);
    pl_abi_pkg::pl_bracket_t v;
    v = '0;
    v.reserved1 = {16{1'b1}};
    f_bracket_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_bracket_reserved1(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 48))) begin : g_bracket_reserved1 $error("offset of bracket.reserved1"); end
  function automatic logic [511:0] f_bracket_mm_rate(input logic unused);
    pl_abi_pkg::pl_bracket_t v;
    v = '0;
    v.mm_rate = {64{1'b1}};
    f_bracket_mm_rate = v | {512{unused & 1'b0}};
  endfunction
  if (f_bracket_mm_rate(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_bracket_mm_rate $error("offset of bracket.mm_rate"); end
  function automatic logic [511:0] f_bracket_mm_cum(input logic unused);
    pl_abi_pkg::pl_bracket_t v;
    v = '0;
    v.mm_cum = {64{1'b1}};
    f_bracket_mm_cum = v | {512{unused & 1'b0}};
  endfunction
  if (f_bracket_mm_cum(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_bracket_mm_cum $error("offset of bracket.mm_cum"); end
  function automatic logic [511:0] f_bracket_im_rate(input logic unused);
    pl_abi_pkg::pl_bracket_t v;
    v = '0;
    v.im_rate = {64{1'b1}};
    f_bracket_im_rate = v | {512{unused & 1'b0}};
  endfunction
  if (f_bracket_im_rate(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_bracket_im_rate $error("offset of bracket.im_rate"); end
  function automatic logic [511:0] f_bracket_im_cum(input logic unused);
    pl_abi_pkg::pl_bracket_t v;
    v = '0;
    v.im_cum = {64{1'b1}};
    f_bracket_im_cum = v | {512{unused & 1'b0}};
  endfunction
  if (f_bracket_im_cum(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 256))) begin : g_bracket_im_cum $error("offset of bracket.im_cum"); end
  function automatic logic [511:0] f_bracket_reserved2(input logic unused);
    pl_abi_pkg::pl_bracket_t v;
    v = '0;
    v.reserved2 = {192{1'b1}};
    f_bracket_reserved2 = v | {512{unused & 1'b0}};
  endfunction
  if (f_bracket_reserved2(1'b0) != ({512'b0} | (512'({192{1'b1}}) << 320))) begin : g_bracket_reserved2 $error("offset of bracket.reserved2"); end
  if ($bits(pl_abi_pkg::pl_multiplier_t) != 512) begin : g_multiplier_size $error("size of multiplier"); end
  function automatic logic [511:0] f_multiplier_kind(input logic unused);
    pl_abi_pkg::pl_multiplier_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_multiplier_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_multiplier_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_multiplier_kind $error("offset of multiplier.kind"); end
  function automatic logic [511:0] f_multiplier_reserved0(input logic unused);
    pl_abi_pkg::pl_multiplier_t v;
    v = '0;
    v.reserved0 = {8{1'b1}};
    f_multiplier_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_multiplier_reserved0(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_multiplier_reserved0 $error("offset of multiplier.reserved0"); end
  function automatic logic [511:0] f_multiplier_index(input logic unused);
    pl_abi_pkg::pl_multiplier_t v;
    v = '0;
    v.index = {16{1'b1}};
    f_multiplier_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_multiplier_index(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 16))) begin : g_multiplier_index $error("offset of multiplier.index"); end
  function automatic logic [511:0] f_multiplier_reserved1(input logic unused);
    pl_abi_pkg::pl_multiplier_t v;
    v = '0;
    v.reserved1 = {32{1'b1}};
    f_multiplier_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_multiplier_reserved1(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_multiplier_reserved1 $error("offset of multiplier.reserved1"); end
  function automatic logic [511:0] f_multiplier_value(input logic unused);
    pl_abi_pkg::pl_multiplier_t v;
    v = '0;
    v.value = {64{1'b1}};
    f_multiplier_value = v | {512{unused & 1'b0}};
  endfunction
  if (f_multiplier_value(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_multiplier_value $error("offset of multiplier.value"); end
  function automatic logic [511:0] f_multiplier_reserved2(input logic unused);
    pl_abi_pkg::pl_multiplier_t v;
    v = '0;
    v.reserved2 = {384{1'b1}};
    f_multiplier_reserved2 = v | {512{unused & 1'b0}};
  endfunction
  if (f_multiplier_reserved2(1'b0) != ({512'b0} | (512'({384{1'b1}}) << 128))) begin : g_multiplier_reserved2 $error("offset of multiplier.reserved2"); end
  if ($bits(pl_abi_pkg::pl_offset_group_t) != 512) begin : g_offset_group_size $error("size of offset_group"); end
  function automatic logic [511:0] f_offset_group_kind(input logic unused);
    pl_abi_pkg::pl_offset_group_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_offset_group_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_offset_group_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_offset_group_kind $error("offset of offset_group.kind"); end
  function automatic logic [511:0] f_offset_group_index(input logic unused);
    pl_abi_pkg::pl_offset_group_t v;
    v = '0;
    v.index = {8{1'b1}};
    f_offset_group_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_offset_group_index(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_offset_group_index $error("offset of offset_group.index"); end
  function automatic logic [511:0] f_offset_group_reserved0(input logic unused);
    pl_abi_pkg::pl_offset_group_t v;
    v = '0;
    v.reserved0 = {16{1'b1}};
    f_offset_group_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_offset_group_reserved0(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 16))) begin : g_offset_group_reserved0 $error("offset of offset_group.reserved0"); end
  function automatic logic [511:0] f_offset_group_reserved1(input logic unused);
    pl_abi_pkg::pl_offset_group_t v;
    v = '0;
    v.reserved1 = {32{1'b1}};
    f_offset_group_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_offset_group_reserved1(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_offset_group_reserved1 $error("offset of offset_group.reserved1"); end
  function automatic logic [511:0] f_offset_group_credit(input logic unused);
    pl_abi_pkg::pl_offset_group_t v;
    v = '0;
    v.credit = {64{1'b1}};
    f_offset_group_credit = v | {512{unused & 1'b0}};
  endfunction
  if (f_offset_group_credit(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_offset_group_credit $error("offset of offset_group.credit"); end
  function automatic logic [511:0] f_offset_group_reserved2(input logic unused);
    pl_abi_pkg::pl_offset_group_t v;
    v = '0;
    v.reserved2 = {384{1'b1}};
    f_offset_group_reserved2 = v | {512{unused & 1'b0}};
  endfunction
  if (f_offset_group_reserved2(1'b0) != ({512'b0} | (512'({384{1'b1}}) << 128))) begin : g_offset_group_reserved2 $error("offset of offset_group.reserved2"); end
  if ($bits(pl_abi_pkg::pl_tick_price_t) != 512) begin : g_tick_price_size $error("size of tick_price"); end
  function automatic logic [511:0] f_tick_price_kind(input logic unused);
    pl_abi_pkg::pl_tick_price_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_tick_price_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_price_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_tick_price_kind $error("offset of tick_price.kind"); end
  function automatic logic [511:0] f_tick_price_flags(input logic unused);
    pl_abi_pkg::pl_tick_price_t v;
    v = '0;
    v.flags = {8{1'b1}};
    f_tick_price_flags = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_price_flags(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_tick_price_flags $error("offset of tick_price.flags"); end
  function automatic logic [511:0] f_tick_price_index(input logic unused);
    pl_abi_pkg::pl_tick_price_t v;
    v = '0;
    v.index = {16{1'b1}};
    f_tick_price_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_price_index(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 16))) begin : g_tick_price_index $error("offset of tick_price.index"); end
  function automatic logic [511:0] f_tick_price_line(input logic unused);
    pl_abi_pkg::pl_tick_price_t v;
    v = '0;
    v.line = {32{1'b1}};
    f_tick_price_line = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_price_line(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_tick_price_line $error("offset of tick_price.line"); end
  function automatic logic [511:0] f_tick_price_forward(input logic unused);
    pl_abi_pkg::pl_tick_price_t v;
    v = '0;
    v.forward = {64{1'b1}};
    f_tick_price_forward = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_price_forward(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_tick_price_forward $error("offset of tick_price.forward"); end
  function automatic logic [511:0] f_tick_price_index_price(input logic unused);
    pl_abi_pkg::pl_tick_price_t v;
    v = '0;
    v.index_price = {64{1'b1}};
    f_tick_price_index_price = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_price_index_price(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_tick_price_index_price $error("offset of tick_price.index_price"); end
  function automatic logic [511:0] f_tick_price_discount(input logic unused);
    pl_abi_pkg::pl_tick_price_t v;
    v = '0;
    v.discount = {64{1'b1}};
    f_tick_price_discount = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_price_discount(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_tick_price_discount $error("offset of tick_price.discount"); end
  function automatic logic [511:0] f_tick_price_rate(input logic unused);
    pl_abi_pkg::pl_tick_price_t v;
    v = '0;
    v.rate = {64{1'b1}};
    f_tick_price_rate = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_price_rate(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 256))) begin : g_tick_price_rate $error("offset of tick_price.rate"); end
  function automatic logic [511:0] f_tick_price_penalty(input logic unused);
    pl_abi_pkg::pl_tick_price_t v;
    v = '0;
    v.penalty = {64{1'b1}};
    f_tick_price_penalty = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_price_penalty(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 320))) begin : g_tick_price_penalty $error("offset of tick_price.penalty"); end
  function automatic logic [511:0] f_tick_price_penalty_perpetual(input logic unused);
    pl_abi_pkg::pl_tick_price_t v;
    v = '0;
    v.penalty_perpetual = {64{1'b1}};
    f_tick_price_penalty_perpetual = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_price_penalty_perpetual(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 384))) begin : g_tick_price_penalty_perpetual $error("offset of tick_price.penalty_perpetual"); end
  function automatic logic [511:0] f_tick_price_tick(input logic unused);
    pl_abi_pkg::pl_tick_price_t v;
    v = '0;
    v.tick = {64{1'b1}};
    f_tick_price_tick = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_price_tick(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 448))) begin : g_tick_price_tick $error("offset of tick_price.tick"); end
  if ($bits(pl_abi_pkg::pl_tick_time_t) != 512) begin : g_tick_time_size $error("size of tick_time"); end
  function automatic logic [511:0] f_tick_time_kind(input logic unused);
    pl_abi_pkg::pl_tick_time_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_tick_time_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_time_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_tick_time_kind $error("offset of tick_time.kind"); end
  function automatic logic [511:0] f_tick_time_reserved0(input logic unused);
    pl_abi_pkg::pl_tick_time_t v;
    v = '0;
    v.reserved0 = {8{1'b1}};
    f_tick_time_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_time_reserved0(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_tick_time_reserved0 $error("offset of tick_time.reserved0"); end
  function automatic logic [511:0] f_tick_time_index(input logic unused);
    pl_abi_pkg::pl_tick_time_t v;
    v = '0;
    v.index = {16{1'b1}};
    f_tick_time_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_time_index(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 16))) begin : g_tick_time_index $error("offset of tick_time.index"); end
  function automatic logic [511:0] f_tick_time_reserved1(input logic unused);
    pl_abi_pkg::pl_tick_time_t v;
    v = '0;
    v.reserved1 = {32{1'b1}};
    f_tick_time_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_time_reserved1(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_tick_time_reserved1 $error("offset of tick_time.reserved1"); end
  function automatic logic [511:0] f_tick_time_sqrt_t(input logic unused);
    pl_abi_pkg::pl_tick_time_t v;
    v = '0;
    v.sqrt_t = {64{1'b1}};
    f_tick_time_sqrt_t = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_time_sqrt_t(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_tick_time_sqrt_t $error("offset of tick_time.sqrt_t"); end
  function automatic logic [511:0] f_tick_time_half_inv_sqrt_t(input logic unused);
    pl_abi_pkg::pl_tick_time_t v;
    v = '0;
    v.half_inv_sqrt_t = {64{1'b1}};
    f_tick_time_half_inv_sqrt_t = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_time_half_inv_sqrt_t(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_tick_time_half_inv_sqrt_t $error("offset of tick_time.half_inv_sqrt_t"); end
  function automatic logic [511:0] f_tick_time_years(input logic unused);
    pl_abi_pkg::pl_tick_time_t v;
    v = '0;
    v.years = {64{1'b1}};
    f_tick_time_years = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_time_years(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_tick_time_years $error("offset of tick_time.years"); end
  function automatic logic [511:0] f_tick_time_moving(input logic unused);
    pl_abi_pkg::pl_tick_time_t v;
    v = '0;
    v.moving = {64{1'b1}};
    f_tick_time_moving = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_time_moving(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 256))) begin : g_tick_time_moving $error("offset of tick_time.moving"); end
  function automatic logic [511:0] f_tick_time_basis_weight(input logic unused);
    pl_abi_pkg::pl_tick_time_t v;
    v = '0;
    v.basis_weight = {64{1'b1}};
    f_tick_time_basis_weight = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_time_basis_weight(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 320))) begin : g_tick_time_basis_weight $error("offset of tick_time.basis_weight"); end
  function automatic logic [511:0] f_tick_time_long_discount(input logic unused);
    pl_abi_pkg::pl_tick_time_t v;
    v = '0;
    v.long_discount = {64{1'b1}};
    f_tick_time_long_discount = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_time_long_discount(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 384))) begin : g_tick_time_long_discount $error("offset of tick_time.long_discount"); end
  function automatic logic [511:0] f_tick_time_short_discount(input logic unused);
    pl_abi_pkg::pl_tick_time_t v;
    v = '0;
    v.short_discount = {64{1'b1}};
    f_tick_time_short_discount = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_time_short_discount(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 448))) begin : g_tick_time_short_discount $error("offset of tick_time.short_discount"); end
  if ($bits(pl_abi_pkg::pl_tick_shift_t) != 512) begin : g_tick_shift_size $error("size of tick_shift"); end
  function automatic logic [511:0] f_tick_shift_kind(input logic unused);
    pl_abi_pkg::pl_tick_shift_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_tick_shift_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_shift_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_tick_shift_kind $error("offset of tick_shift.kind"); end
  function automatic logic [511:0] f_tick_shift_reserved0(input logic unused);
    pl_abi_pkg::pl_tick_shift_t v;
    v = '0;
    v.reserved0 = {8{1'b1}};
    f_tick_shift_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_shift_reserved0(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_tick_shift_reserved0 $error("offset of tick_shift.reserved0"); end
  function automatic logic [511:0] f_tick_shift_index(input logic unused);
    pl_abi_pkg::pl_tick_shift_t v;
    v = '0;
    v.index = {16{1'b1}};
    f_tick_shift_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_shift_index(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 16))) begin : g_tick_shift_index $error("offset of tick_shift.index"); end
  function automatic logic [511:0] f_tick_shift_reserved1(input logic unused);
    pl_abi_pkg::pl_tick_shift_t v;
    v = '0;
    v.reserved1 = {32{1'b1}};
    f_tick_shift_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_shift_reserved1(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_tick_shift_reserved1 $error("offset of tick_shift.reserved1"); end
  function automatic logic [511:0] f_tick_shift_vol_up(input logic unused);
    pl_abi_pkg::pl_tick_shift_t v;
    v = '0;
    v.vol_up = {64{1'b1}};
    f_tick_shift_vol_up = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_shift_vol_up(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_tick_shift_vol_up $error("offset of tick_shift.vol_up"); end
  function automatic logic [511:0] f_tick_shift_vol_down(input logic unused);
    pl_abi_pkg::pl_tick_shift_t v;
    v = '0;
    v.vol_down = {64{1'b1}};
    f_tick_shift_vol_down = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_shift_vol_down(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_tick_shift_vol_down $error("offset of tick_shift.vol_down"); end
  function automatic logic [511:0] f_tick_shift_linear_cap(input logic unused);
    pl_abi_pkg::pl_tick_shift_t v;
    v = '0;
    v.linear_cap = {64{1'b1}};
    f_tick_shift_linear_cap = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_shift_linear_cap(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_tick_shift_linear_cap $error("offset of tick_shift.linear_cap"); end
  function automatic logic [511:0] f_tick_shift_linear_slope(input logic unused);
    pl_abi_pkg::pl_tick_shift_t v;
    v = '0;
    v.linear_slope = {64{1'b1}};
    f_tick_shift_linear_slope = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_shift_linear_slope(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 256))) begin : g_tick_shift_linear_slope $error("offset of tick_shift.linear_slope"); end
  function automatic logic [511:0] f_tick_shift_abs_cap(input logic unused);
    pl_abi_pkg::pl_tick_shift_t v;
    v = '0;
    v.abs_cap = {64{1'b1}};
    f_tick_shift_abs_cap = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_shift_abs_cap(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 320))) begin : g_tick_shift_abs_cap $error("offset of tick_shift.abs_cap"); end
  function automatic logic [511:0] f_tick_shift_abs_slope(input logic unused);
    pl_abi_pkg::pl_tick_shift_t v;
    v = '0;
    v.abs_slope = {64{1'b1}};
    f_tick_shift_abs_slope = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_shift_abs_slope(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 384))) begin : g_tick_shift_abs_slope $error("offset of tick_shift.abs_slope"); end
  function automatic logic [511:0] f_tick_shift_reserved2(input logic unused);
    pl_abi_pkg::pl_tick_shift_t v;
    v = '0;
    v.reserved2 = {64{1'b1}};
    f_tick_shift_reserved2 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_shift_reserved2(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 448))) begin : g_tick_shift_reserved2 $error("offset of tick_shift.reserved2"); end
  if ($bits(pl_abi_pkg::pl_tick_vol_t) != 512) begin : g_tick_vol_size $error("size of tick_vol"); end
  function automatic logic [511:0] f_tick_vol_kind(input logic unused);
    pl_abi_pkg::pl_tick_vol_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_tick_vol_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_vol_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_tick_vol_kind $error("offset of tick_vol.kind"); end
  function automatic logic [511:0] f_tick_vol_flags(input logic unused);
    pl_abi_pkg::pl_tick_vol_t v;
    v = '0;
    v.flags = {8{1'b1}};
    f_tick_vol_flags = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_vol_flags(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_tick_vol_flags $error("offset of tick_vol.flags"); end
  function automatic logic [511:0] f_tick_vol_reserved0(input logic unused);
    pl_abi_pkg::pl_tick_vol_t v;
    v = '0;
    v.reserved0 = {16{1'b1}};
    f_tick_vol_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_vol_reserved0(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 16))) begin : g_tick_vol_reserved0 $error("offset of tick_vol.reserved0"); end
  function automatic logic [511:0] f_tick_vol_line(input logic unused);
    pl_abi_pkg::pl_tick_vol_t v;
    v = '0;
    v.line = {32{1'b1}};
    f_tick_vol_line = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_vol_line(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_tick_vol_line $error("offset of tick_vol.line"); end
  function automatic logic [511:0] f_tick_vol_index(input logic unused);
    pl_abi_pkg::pl_tick_vol_t v;
    v = '0;
    v.index = {32{1'b1}};
    f_tick_vol_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_vol_index(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 64))) begin : g_tick_vol_index $error("offset of tick_vol.index"); end
  function automatic logic [511:0] f_tick_vol_reserved1(input logic unused);
    pl_abi_pkg::pl_tick_vol_t v;
    v = '0;
    v.reserved1 = {32{1'b1}};
    f_tick_vol_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_vol_reserved1(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 96))) begin : g_tick_vol_reserved1 $error("offset of tick_vol.reserved1"); end
  function automatic logic [511:0] f_tick_vol_vol(input logic unused);
    pl_abi_pkg::pl_tick_vol_t v;
    v = '0;
    v.vol = {64{1'b1}};
    f_tick_vol_vol = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_vol_vol(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_tick_vol_vol $error("offset of tick_vol.vol"); end
  function automatic logic [511:0] f_tick_vol_reserved2(input logic unused);
    pl_abi_pkg::pl_tick_vol_t v;
    v = '0;
    v.reserved2 = {256{1'b1}};
    f_tick_vol_reserved2 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_vol_reserved2(1'b0) != ({512'b0} | (512'({256{1'b1}}) << 192))) begin : g_tick_vol_reserved2 $error("offset of tick_vol.reserved2"); end
  function automatic logic [511:0] f_tick_vol_tick(input logic unused);
    pl_abi_pkg::pl_tick_vol_t v;
    v = '0;
    v.tick = {64{1'b1}};
    f_tick_vol_tick = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_vol_tick(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 448))) begin : g_tick_vol_tick $error("offset of tick_vol.tick"); end
  if ($bits(pl_abi_pkg::pl_tick_underlying_t) != 512) begin : g_tick_underlying_size $error("size of tick_underlying"); end
  function automatic logic [511:0] f_tick_underlying_kind(input logic unused);
    pl_abi_pkg::pl_tick_underlying_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_tick_underlying_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_underlying_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_tick_underlying_kind $error("offset of tick_underlying.kind"); end
  function automatic logic [511:0] f_tick_underlying_reserved0(input logic unused);
    pl_abi_pkg::pl_tick_underlying_t v;
    v = '0;
    v.reserved0 = {8{1'b1}};
    f_tick_underlying_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_underlying_reserved0(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_tick_underlying_reserved0 $error("offset of tick_underlying.reserved0"); end
  function automatic logic [511:0] f_tick_underlying_index(input logic unused);
    pl_abi_pkg::pl_tick_underlying_t v;
    v = '0;
    v.index = {16{1'b1}};
    f_tick_underlying_index = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_underlying_index(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 16))) begin : g_tick_underlying_index $error("offset of tick_underlying.index"); end
  function automatic logic [511:0] f_tick_underlying_reserved1(input logic unused);
    pl_abi_pkg::pl_tick_underlying_t v;
    v = '0;
    v.reserved1 = {32{1'b1}};
    f_tick_underlying_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_underlying_reserved1(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_tick_underlying_reserved1 $error("offset of tick_underlying.reserved1"); end
  function automatic logic [511:0] f_tick_underlying_im_loss_factor(input logic unused);
    pl_abi_pkg::pl_tick_underlying_t v;
    v = '0;
    v.im_loss_factor = {64{1'b1}};
    f_tick_underlying_im_loss_factor = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_underlying_im_loss_factor(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_tick_underlying_im_loss_factor $error("offset of tick_underlying.im_loss_factor"); end
  function automatic logic [511:0] f_tick_underlying_reserved2(input logic unused);
    pl_abi_pkg::pl_tick_underlying_t v;
    v = '0;
    v.reserved2 = {384{1'b1}};
    f_tick_underlying_reserved2 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_underlying_reserved2(1'b0) != ({512'b0} | (512'({384{1'b1}}) << 128))) begin : g_tick_underlying_reserved2 $error("offset of tick_underlying.reserved2"); end
  if ($bits(pl_abi_pkg::pl_tick_commit_t) != 512) begin : g_tick_commit_size $error("size of tick_commit"); end
  function automatic logic [511:0] f_tick_commit_kind(input logic unused);
    pl_abi_pkg::pl_tick_commit_t v;
    v = '0;
    v.kind = {8{1'b1}};
    f_tick_commit_kind = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_commit_kind(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_tick_commit_kind $error("offset of tick_commit.kind"); end
  function automatic logic [511:0] f_tick_commit_reserved0(input logic unused);
    pl_abi_pkg::pl_tick_commit_t v;
    v = '0;
    v.reserved0 = {24{1'b1}};
    f_tick_commit_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_commit_reserved0(1'b0) != ({512'b0} | (512'({24{1'b1}}) << 8))) begin : g_tick_commit_reserved0 $error("offset of tick_commit.reserved0"); end
  function automatic logic [511:0] f_tick_commit_line(input logic unused);
    pl_abi_pkg::pl_tick_commit_t v;
    v = '0;
    v.line = {32{1'b1}};
    f_tick_commit_line = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_commit_line(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_tick_commit_line $error("offset of tick_commit.line"); end
  function automatic logic [511:0] f_tick_commit_time_us(input logic unused);
    pl_abi_pkg::pl_tick_commit_t v;
    v = '0;
    v.time_us = {64{1'b1}};
    f_tick_commit_time_us = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_commit_time_us(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_tick_commit_time_us $error("offset of tick_commit.time_us"); end
  function automatic logic [511:0] f_tick_commit_reserved1(input logic unused);
    pl_abi_pkg::pl_tick_commit_t v;
    v = '0;
    v.reserved1 = {320{1'b1}};
    f_tick_commit_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_commit_reserved1(1'b0) != ({512'b0} | (512'({320{1'b1}}) << 128))) begin : g_tick_commit_reserved1 $error("offset of tick_commit.reserved1"); end
  function automatic logic [511:0] f_tick_commit_tick(input logic unused);
    pl_abi_pkg::pl_tick_commit_t v;
    v = '0;
    v.tick = {64{1'b1}};
    f_tick_commit_tick = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_commit_tick(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 448))) begin : g_tick_commit_tick $error("offset of tick_commit.tick"); end
  if ($bits(pl_abi_pkg::pl_row_t) != 4096) begin : g_row_size $error("size of row"); end
  function automatic logic [4095:0] f_row_flags(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.flags = {8{1'b1}};
    f_row_flags = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_flags(1'b0) != ({4096'b0} | (4096'({8{1'b1}}) << 0))) begin : g_row_flags $error("offset of row.flags"); end
  function automatic logic [4095:0] f_row_row(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.row = {8{1'b1}};
    f_row_row = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_row(1'b0) != ({4096'b0} | (4096'({8{1'b1}}) << 8))) begin : g_row_row $error("offset of row.row"); end
  function automatic logic [4095:0] f_row_row_shift(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.row_shift = {8{1'b1}};
    f_row_row_shift = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_row_shift(1'b0) != ({4096'b0} | (4096'({8{1'b1}}) << 16))) begin : g_row_row_shift $error("offset of row.row_shift"); end
  function automatic logic [4095:0] f_row_is_asset(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.is_asset = {8{1'b1}};
    f_row_is_asset = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_is_asset(1'b0) != ({4096'b0} | (4096'({8{1'b1}}) << 24))) begin : g_row_is_asset $error("offset of row.is_asset"); end
  function automatic logic [4095:0] f_row_expiry(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.expiry = {16{1'b1}};
    f_row_expiry = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_expiry(1'b0) != ({4096'b0} | (4096'({16{1'b1}}) << 32))) begin : g_row_expiry $error("offset of row.expiry"); end
  function automatic logic [4095:0] f_row_margin_class(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.margin_class = {16{1'b1}};
    f_row_margin_class = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_margin_class(1'b0) != ({4096'b0} | (4096'({16{1'b1}}) << 48))) begin : g_row_margin_class $error("offset of row.margin_class"); end
  function automatic logic [4095:0] f_row_base(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.base = {64{1'b1}};
    f_row_base = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_base(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 64))) begin : g_row_base $error("offset of row.base"); end
  function automatic logic [4095:0] f_row_basis_up(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.basis_up = {64{1'b1}};
    f_row_basis_up = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_basis_up(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 128))) begin : g_row_basis_up $error("offset of row.basis_up"); end
  function automatic logic [4095:0] f_row_basis_down(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.basis_down = {64{1'b1}};
    f_row_basis_down = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_basis_down(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 192))) begin : g_row_basis_down $error("offset of row.basis_down"); end
  function automatic logic [4095:0] f_row_delta(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.delta = {64{1'b1}};
    f_row_delta = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_delta(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 256))) begin : g_row_delta $error("offset of row.delta"); end
  function automatic logic [4095:0] f_row_gamma(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.gamma = {64{1'b1}};
    f_row_gamma = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_gamma(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 320))) begin : g_row_gamma $error("offset of row.gamma"); end
  function automatic logic [4095:0] f_row_vega(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.vega = {64{1'b1}};
    f_row_vega = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_vega(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 384))) begin : g_row_vega $error("offset of row.vega"); end
  function automatic logic [4095:0] f_row_theta(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.theta = {64{1'b1}};
    f_row_theta = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_theta(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 448))) begin : g_row_theta $error("offset of row.theta"); end
  function automatic logic [4095:0] f_row_rho(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.rho = {64{1'b1}};
    f_row_rho = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_rho(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 512))) begin : g_row_rho $error("offset of row.rho"); end
  function automatic logic [4095:0] f_row_mm_long(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.mm_long = {64{1'b1}};
    f_row_mm_long = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_mm_long(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 576))) begin : g_row_mm_long $error("offset of row.mm_long"); end
  function automatic logic [4095:0] f_row_mm_short(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.mm_short = {64{1'b1}};
    f_row_mm_short = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_mm_short(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 640))) begin : g_row_mm_short $error("offset of row.mm_short"); end
  function automatic logic [4095:0] f_row_im_long(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.im_long = {64{1'b1}};
    f_row_im_long = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_im_long(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 704))) begin : g_row_im_long $error("offset of row.im_long"); end
  function automatic logic [4095:0] f_row_im_short(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.im_short = {64{1'b1}};
    f_row_im_short = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_im_short(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 768))) begin : g_row_im_short $error("offset of row.im_short"); end
  function automatic logic [4095:0] f_row_fee(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.fee = {64{1'b1}};
    f_row_fee = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_fee(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 832))) begin : g_row_fee $error("offset of row.fee"); end
  function automatic logic [4095:0] f_row_notional(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.notional = {64{1'b1}};
    f_row_notional = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_notional(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 896))) begin : g_row_notional $error("offset of row.notional"); end
  function automatic logic [4095:0] f_row_gross(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.gross = {64{1'b1}};
    f_row_gross = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_gross(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 960))) begin : g_row_gross $error("offset of row.gross"); end
  function automatic logic [4095:0] f_row_order_long(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.order_long = {64{1'b1}};
    f_row_order_long = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_order_long(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 1024))) begin : g_row_order_long $error("offset of row.order_long"); end
  function automatic logic [4095:0] f_row_order_short(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.order_short = {64{1'b1}};
    f_row_order_short = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_order_short(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 1088))) begin : g_row_order_short $error("offset of row.order_short"); end
  function automatic logic [4095:0] f_row_order_naked(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.order_naked = {64{1'b1}};
    f_row_order_naked = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_order_naked(1'b0) != ({4096'b0} | (4096'({64{1'b1}}) << 1152))) begin : g_row_order_naked $error("offset of row.order_naked"); end
  function automatic logic [4095:0] f_row_reserved0(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.reserved0 = {320{1'b1}};
    f_row_reserved0 = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_reserved0(1'b0) != ({4096'b0} | (4096'({320{1'b1}}) << 1216))) begin : g_row_reserved0 $error("offset of row.reserved0"); end
  function automatic logic [4095:0] f_row_scenario(input logic unused);
    pl_abi_pkg::pl_row_t v;
    v = '0;
    v.scenario = {2560{1'b1}};
    f_row_scenario = v | {4096{unused & 1'b0}};
  endfunction
  if (f_row_scenario(1'b0) != ({4096'b0} | (4096'({2560{1'b1}}) << 1536))) begin : g_row_scenario $error("offset of row.scenario"); end
  if ($bits(pl_abi_pkg::pl_quote_t) != 512) begin : g_quote_size $error("size of quote"); end
  function automatic logic [511:0] f_quote_instrument(input logic unused);
    pl_abi_pkg::pl_quote_t v;
    v = '0;
    v.instrument = {32{1'b1}};
    f_quote_instrument = v | {512{unused & 1'b0}};
  endfunction
  if (f_quote_instrument(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 0))) begin : g_quote_instrument $error("offset of quote.instrument"); end
  function automatic logic [511:0] f_quote_flags(input logic unused);
    pl_abi_pkg::pl_quote_t v;
    v = '0;
    v.flags = {32{1'b1}};
    f_quote_flags = v | {512{unused & 1'b0}};
  endfunction
  if (f_quote_flags(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_quote_flags $error("offset of quote.flags"); end
  function automatic logic [511:0] f_quote_value(input logic unused);
    pl_abi_pkg::pl_quote_t v;
    v = '0;
    v.value = {64{1'b1}};
    f_quote_value = v | {512{unused & 1'b0}};
  endfunction
  if (f_quote_value(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_quote_value $error("offset of quote.value"); end
  function automatic logic [511:0] f_quote_delta(input logic unused);
    pl_abi_pkg::pl_quote_t v;
    v = '0;
    v.delta = {64{1'b1}};
    f_quote_delta = v | {512{unused & 1'b0}};
  endfunction
  if (f_quote_delta(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_quote_delta $error("offset of quote.delta"); end
  function automatic logic [511:0] f_quote_gamma(input logic unused);
    pl_abi_pkg::pl_quote_t v;
    v = '0;
    v.gamma = {64{1'b1}};
    f_quote_gamma = v | {512{unused & 1'b0}};
  endfunction
  if (f_quote_gamma(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_quote_gamma $error("offset of quote.gamma"); end
  function automatic logic [511:0] f_quote_vega(input logic unused);
    pl_abi_pkg::pl_quote_t v;
    v = '0;
    v.vega = {64{1'b1}};
    f_quote_vega = v | {512{unused & 1'b0}};
  endfunction
  if (f_quote_vega(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 256))) begin : g_quote_vega $error("offset of quote.vega"); end
  function automatic logic [511:0] f_quote_theta(input logic unused);
    pl_abi_pkg::pl_quote_t v;
    v = '0;
    v.theta = {64{1'b1}};
    f_quote_theta = v | {512{unused & 1'b0}};
  endfunction
  if (f_quote_theta(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 320))) begin : g_quote_theta $error("offset of quote.theta"); end
  function automatic logic [511:0] f_quote_theta_decay(input logic unused);
    pl_abi_pkg::pl_quote_t v;
    v = '0;
    v.theta_decay = {64{1'b1}};
    f_quote_theta_decay = v | {512{unused & 1'b0}};
  endfunction
  if (f_quote_theta_decay(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 384))) begin : g_quote_theta_decay $error("offset of quote.theta_decay"); end
  function automatic logic [511:0] f_quote_rho(input logic unused);
    pl_abi_pkg::pl_quote_t v;
    v = '0;
    v.rho = {64{1'b1}};
    f_quote_rho = v | {512{unused & 1'b0}};
  endfunction
  if (f_quote_rho(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 448))) begin : g_quote_rho $error("offset of quote.rho"); end
  if ($bits(pl_abi_pkg::pl_verdict_t) != 1024) begin : g_verdict_size $error("size of verdict"); end
  function automatic logic [1023:0] f_verdict_serial(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.serial = {32{1'b1}};
    f_verdict_serial = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_serial(1'b0) != ({1024'b0} | (1024'({32{1'b1}}) << 0))) begin : g_verdict_serial $error("offset of verdict.serial"); end
  function automatic logic [1023:0] f_verdict_account(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.account = {32{1'b1}};
    f_verdict_account = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_account(1'b0) != ({1024'b0} | (1024'({32{1'b1}}) << 32))) begin : g_verdict_account $error("offset of verdict.account"); end
  function automatic logic [1023:0] f_verdict_state(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.state = {8{1'b1}};
    f_verdict_state = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_state(1'b0) != ({1024'b0} | (1024'({8{1'b1}}) << 64))) begin : g_verdict_state $error("offset of verdict.state"); end
  function automatic logic [1023:0] f_verdict_mode(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.mode = {8{1'b1}};
    f_verdict_mode = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_mode(1'b0) != ({1024'b0} | (1024'({8{1'b1}}) << 72))) begin : g_verdict_mode $error("offset of verdict.mode"); end
  function automatic logic [1023:0] f_verdict_flags(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.flags = {16{1'b1}};
    f_verdict_flags = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_flags(1'b0) != ({1024'b0} | (1024'({16{1'b1}}) << 80))) begin : g_verdict_flags $error("offset of verdict.flags"); end
  function automatic logic [1023:0] f_verdict_worst_underlying(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.worst_underlying = {16{1'b1}};
    f_verdict_worst_underlying = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_worst_underlying(1'b0) != ({1024'b0} | (1024'({16{1'b1}}) << 96))) begin : g_verdict_worst_underlying $error("offset of verdict.worst_underlying"); end
  function automatic logic [1023:0] f_verdict_worst_scenario(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.worst_scenario = {8{1'b1}};
    f_verdict_worst_scenario = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_worst_scenario(1'b0) != ({1024'b0} | (1024'({8{1'b1}}) << 112))) begin : g_verdict_worst_scenario $error("offset of verdict.worst_scenario"); end
  function automatic logic [1023:0] f_verdict_profile(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.profile = {8{1'b1}};
    f_verdict_profile = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_profile(1'b0) != ({1024'b0} | (1024'({8{1'b1}}) << 120))) begin : g_verdict_profile $error("offset of verdict.profile"); end
  function automatic logic [1023:0] f_verdict_tick(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.tick = {64{1'b1}};
    f_verdict_tick = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_tick(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 128))) begin : g_verdict_tick $error("offset of verdict.tick"); end
  function automatic logic [1023:0] f_verdict_equity(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.equity = {64{1'b1}};
    f_verdict_equity = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_equity(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 192))) begin : g_verdict_equity $error("offset of verdict.equity"); end
  function automatic logic [1023:0] f_verdict_maintenance_excess(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.maintenance_excess = {64{1'b1}};
    f_verdict_maintenance_excess = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_maintenance_excess(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 256))) begin : g_verdict_maintenance_excess $error("offset of verdict.maintenance_excess"); end
  function automatic logic [1023:0] f_verdict_initial_excess(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.initial_excess = {64{1'b1}};
    f_verdict_initial_excess = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_initial_excess(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 320))) begin : g_verdict_initial_excess $error("offset of verdict.initial_excess"); end
  function automatic logic [1023:0] f_verdict_worst_loss(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.worst_loss = {64{1'b1}};
    f_verdict_worst_loss = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_worst_loss(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 384))) begin : g_verdict_worst_loss $error("offset of verdict.worst_loss"); end
  function automatic logic [1023:0] f_verdict_position_version(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.position_version = {64{1'b1}};
    f_verdict_position_version = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_position_version(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 448))) begin : g_verdict_position_version $error("offset of verdict.position_version"); end
  function automatic logic [1023:0] f_verdict_serial_again(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.serial_again = {32{1'b1}};
    f_verdict_serial_again = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_serial_again(1'b0) != ({1024'b0} | (1024'({32{1'b1}}) << 512))) begin : g_verdict_serial_again $error("offset of verdict.serial_again"); end
  function automatic logic [1023:0] f_verdict_model_version(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.model_version = {32{1'b1}};
    f_verdict_model_version = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_model_version(1'b0) != ({1024'b0} | (1024'({32{1'b1}}) << 544))) begin : g_verdict_model_version $error("offset of verdict.model_version"); end
  function automatic logic [1023:0] f_verdict_table_version(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.table_version = {32{1'b1}};
    f_verdict_table_version = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_table_version(1'b0) != ({1024'b0} | (1024'({32{1'b1}}) << 576))) begin : g_verdict_table_version $error("offset of verdict.table_version"); end
  function automatic logic [1023:0] f_verdict_reserved0(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.reserved0 = {32{1'b1}};
    f_verdict_reserved0 = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_reserved0(1'b0) != ({1024'b0} | (1024'({32{1'b1}}) << 608))) begin : g_verdict_reserved0 $error("offset of verdict.reserved0"); end
  function automatic logic [1023:0] f_verdict_delta(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.delta = {64{1'b1}};
    f_verdict_delta = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_delta(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 640))) begin : g_verdict_delta $error("offset of verdict.delta"); end
  function automatic logic [1023:0] f_verdict_gamma(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.gamma = {64{1'b1}};
    f_verdict_gamma = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_gamma(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 704))) begin : g_verdict_gamma $error("offset of verdict.gamma"); end
  function automatic logic [1023:0] f_verdict_vega(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.vega = {64{1'b1}};
    f_verdict_vega = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_vega(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 768))) begin : g_verdict_vega $error("offset of verdict.vega"); end
  function automatic logic [1023:0] f_verdict_theta(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.theta = {64{1'b1}};
    f_verdict_theta = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_theta(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 832))) begin : g_verdict_theta $error("offset of verdict.theta"); end
  function automatic logic [1023:0] f_verdict_rho(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.rho = {64{1'b1}};
    f_verdict_rho = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_rho(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 896))) begin : g_verdict_rho $error("offset of verdict.rho"); end
  function automatic logic [1023:0] f_verdict_reserved1(input logic unused);
    pl_abi_pkg::pl_verdict_t v;
    v = '0;
    v.reserved1 = {64{1'b1}};
    f_verdict_reserved1 = v | {1024{unused & 1'b0}};
  endfunction
  if (f_verdict_reserved1(1'b0) != ({1024'b0} | (1024'({64{1'b1}}) << 960))) begin : g_verdict_reserved1 $error("offset of verdict.reserved1"); end
  if ($bits(pl_abi_pkg::pl_underlying_verdict_t) != 512) begin : g_underlying_verdict_size $error("size of underlying_verdict"); end
  function automatic logic [511:0] f_underlying_verdict_serial(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.serial = {32{1'b1}};
    f_underlying_verdict_serial = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_serial(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 0))) begin : g_underlying_verdict_serial $error("offset of underlying_verdict.serial"); end
  function automatic logic [511:0] f_underlying_verdict_account(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.account = {32{1'b1}};
    f_underlying_verdict_account = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_account(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_underlying_verdict_account $error("offset of underlying_verdict.account"); end
  function automatic logic [511:0] f_underlying_verdict_underlying(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.underlying = {16{1'b1}};
    f_underlying_verdict_underlying = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_underlying(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 64))) begin : g_underlying_verdict_underlying $error("offset of underlying_verdict.underlying"); end
  function automatic logic [511:0] f_underlying_verdict_worst_scenario(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.worst_scenario = {8{1'b1}};
    f_underlying_verdict_worst_scenario = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_worst_scenario(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 80))) begin : g_underlying_verdict_worst_scenario $error("offset of underlying_verdict.worst_scenario"); end
  function automatic logic [511:0] f_underlying_verdict_reserved0(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.reserved0 = {8{1'b1}};
    f_underlying_verdict_reserved0 = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_reserved0(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 88))) begin : g_underlying_verdict_reserved0 $error("offset of underlying_verdict.reserved0"); end
  function automatic logic [511:0] f_underlying_verdict_flags(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.flags = {16{1'b1}};
    f_underlying_verdict_flags = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_flags(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 96))) begin : g_underlying_verdict_flags $error("offset of underlying_verdict.flags"); end
  function automatic logic [511:0] f_underlying_verdict_reserved1(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.reserved1 = {16{1'b1}};
    f_underlying_verdict_reserved1 = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_reserved1(1'b0) != ({512'b0} | (512'({16{1'b1}}) << 112))) begin : g_underlying_verdict_reserved1 $error("offset of underlying_verdict.reserved1"); end
  function automatic logic [511:0] f_underlying_verdict_value(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.value = {64{1'b1}};
    f_underlying_verdict_value = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_value(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_underlying_verdict_value $error("offset of underlying_verdict.value"); end
  function automatic logic [511:0] f_underlying_verdict_worst_loss(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.worst_loss = {64{1'b1}};
    f_underlying_verdict_worst_loss = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_worst_loss(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_underlying_verdict_worst_loss $error("offset of underlying_verdict.worst_loss"); end
  function automatic logic [511:0] f_underlying_verdict_maintenance_requirement(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.maintenance_requirement = {64{1'b1}};
    f_underlying_verdict_maintenance_requirement = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_maintenance_requirement(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 256))) begin : g_underlying_verdict_maintenance_requirement $error("offset of underlying_verdict.maintenance_requirement"); end
  function automatic logic [511:0] f_underlying_verdict_initial_requirement(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.initial_requirement = {64{1'b1}};
    f_underlying_verdict_initial_requirement = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_initial_requirement(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 320))) begin : g_underlying_verdict_initial_requirement $error("offset of underlying_verdict.initial_requirement"); end
  function automatic logic [511:0] f_underlying_verdict_delta(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.delta = {64{1'b1}};
    f_underlying_verdict_delta = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_delta(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 384))) begin : g_underlying_verdict_delta $error("offset of underlying_verdict.delta"); end
  function automatic logic [511:0] f_underlying_verdict_vega(input logic unused);
    pl_abi_pkg::pl_underlying_verdict_t v;
    v = '0;
    v.vega = {64{1'b1}};
    f_underlying_verdict_vega = v | {512{unused & 1'b0}};
  endfunction
  if (f_underlying_verdict_vega(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 448))) begin : g_underlying_verdict_vega $error("offset of underlying_verdict.vega"); end
  if ($bits(pl_abi_pkg::pl_tick_summary_t) != 512) begin : g_tick_summary_size $error("size of tick_summary"); end
  function automatic logic [511:0] f_tick_summary_serial(input logic unused);
    pl_abi_pkg::pl_tick_summary_t v;
    v = '0;
    v.serial = {32{1'b1}};
    f_tick_summary_serial = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_summary_serial(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 0))) begin : g_tick_summary_serial $error("offset of tick_summary.serial"); end
  function automatic logic [511:0] f_tick_summary_status(input logic unused);
    pl_abi_pkg::pl_tick_summary_t v;
    v = '0;
    v.status = {32{1'b1}};
    f_tick_summary_status = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_summary_status(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_tick_summary_status $error("offset of tick_summary.status"); end
  function automatic logic [511:0] f_tick_summary_tick(input logic unused);
    pl_abi_pkg::pl_tick_summary_t v;
    v = '0;
    v.tick = {64{1'b1}};
    f_tick_summary_tick = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_summary_tick(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_tick_summary_tick $error("offset of tick_summary.tick"); end
  function automatic logic [511:0] f_tick_summary_accounts(input logic unused);
    pl_abi_pkg::pl_tick_summary_t v;
    v = '0;
    v.accounts = {64{1'b1}};
    f_tick_summary_accounts = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_summary_accounts(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_tick_summary_accounts $error("offset of tick_summary.accounts"); end
  function automatic logic [511:0] f_tick_summary_flagged(input logic unused);
    pl_abi_pkg::pl_tick_summary_t v;
    v = '0;
    v.flagged = {64{1'b1}};
    f_tick_summary_flagged = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_summary_flagged(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_tick_summary_flagged $error("offset of tick_summary.flagged"); end
  function automatic logic [511:0] f_tick_summary_slots(input logic unused);
    pl_abi_pkg::pl_tick_summary_t v;
    v = '0;
    v.slots = {64{1'b1}};
    f_tick_summary_slots = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_summary_slots(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 256))) begin : g_tick_summary_slots $error("offset of tick_summary.slots"); end
  function automatic logic [511:0] f_tick_summary_by_state(input logic unused);
    pl_abi_pkg::pl_tick_summary_t v;
    v = '0;
    v.by_state = {160{1'b1}};
    f_tick_summary_by_state = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_summary_by_state(1'b0) != ({512'b0} | (512'({160{1'b1}}) << 320))) begin : g_tick_summary_by_state $error("offset of tick_summary.by_state"); end
  function automatic logic [511:0] f_tick_summary_last_account(input logic unused);
    pl_abi_pkg::pl_tick_summary_t v;
    v = '0;
    v.last_account = {32{1'b1}};
    f_tick_summary_last_account = v | {512{unused & 1'b0}};
  endfunction
  if (f_tick_summary_last_account(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 480))) begin : g_tick_summary_last_account $error("offset of tick_summary.last_account"); end
  if ($bits(pl_abi_pkg::pl_submission_t) != 512) begin : g_submission_size $error("size of submission"); end
  function automatic logic [511:0] f_submission_op(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.op = {8{1'b1}};
    f_submission_op = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_op(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 0))) begin : g_submission_op $error("offset of submission.op"); end
  function automatic logic [511:0] f_submission_filter(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.filter = {8{1'b1}};
    f_submission_filter = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_filter(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 8))) begin : g_submission_filter $error("offset of submission.filter"); end
  function automatic logic [511:0] f_submission_per_underlying(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.per_underlying = {8{1'b1}};
    f_submission_per_underlying = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_per_underlying(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 16))) begin : g_submission_per_underlying $error("offset of submission.per_underlying"); end
  function automatic logic [511:0] f_submission_one_piece(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.one_piece = {8{1'b1}};
    f_submission_one_piece = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_one_piece(1'b0) != ({512'b0} | (512'({8{1'b1}}) << 24))) begin : g_submission_one_piece $error("offset of submission.one_piece"); end
  function automatic logic [511:0] f_submission_serial(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.serial = {32{1'b1}};
    f_submission_serial = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_serial(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_submission_serial $error("offset of submission.serial"); end
  function automatic logic [511:0] f_submission_address(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.address = {64{1'b1}};
    f_submission_address = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_address(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_submission_address $error("offset of submission.address"); end
  function automatic logic [511:0] f_submission_count(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.count = {64{1'b1}};
    f_submission_count = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_count(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_submission_count $error("offset of submission.count"); end
  function automatic logic [511:0] f_submission_verdict_address(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.verdict_address = {64{1'b1}};
    f_submission_verdict_address = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_verdict_address(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_submission_verdict_address $error("offset of submission.verdict_address"); end
  function automatic logic [511:0] f_submission_verdict_lines(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.verdict_lines = {64{1'b1}};
    f_submission_verdict_lines = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_verdict_lines(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 256))) begin : g_submission_verdict_lines $error("offset of submission.verdict_lines"); end
  function automatic logic [511:0] f_submission_tick(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.tick = {64{1'b1}};
    f_submission_tick = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_tick(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 320))) begin : g_submission_tick $error("offset of submission.tick"); end
  function automatic logic [511:0] f_submission_position_version(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.position_version = {64{1'b1}};
    f_submission_position_version = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_position_version(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 384))) begin : g_submission_position_version $error("offset of submission.position_version"); end
  function automatic logic [511:0] f_submission_time_us(input logic unused);
    pl_abi_pkg::pl_submission_t v;
    v = '0;
    v.time_us = {64{1'b1}};
    f_submission_time_us = v | {512{unused & 1'b0}};
  endfunction
  if (f_submission_time_us(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 448))) begin : g_submission_time_us $error("offset of submission.time_us"); end
  if ($bits(pl_abi_pkg::pl_scatter_t) != 128) begin : g_scatter_size $error("size of scatter"); end
  function automatic logic [127:0] f_scatter_address(input logic unused);
    pl_abi_pkg::pl_scatter_t v;
    v = '0;
    v.address = {64{1'b1}};
    f_scatter_address = v | {128{unused & 1'b0}};
  endfunction
  if (f_scatter_address(1'b0) != ({128'b0} | (128'({64{1'b1}}) << 0))) begin : g_scatter_address $error("offset of scatter.address"); end
  function automatic logic [127:0] f_scatter_slots(input logic unused);
    pl_abi_pkg::pl_scatter_t v;
    v = '0;
    v.slots = {32{1'b1}};
    f_scatter_slots = v | {128{unused & 1'b0}};
  endfunction
  if (f_scatter_slots(1'b0) != ({128'b0} | (128'({32{1'b1}}) << 64))) begin : g_scatter_slots $error("offset of scatter.slots"); end
  function automatic logic [127:0] f_scatter_reserved0(input logic unused);
    pl_abi_pkg::pl_scatter_t v;
    v = '0;
    v.reserved0 = {32{1'b1}};
    f_scatter_reserved0 = v | {128{unused & 1'b0}};
  endfunction
  if (f_scatter_reserved0(1'b0) != ({128'b0} | (128'({32{1'b1}}) << 96))) begin : g_scatter_reserved0 $error("offset of scatter.reserved0"); end
  if ($bits(pl_abi_pkg::pl_completion_t) != 512) begin : g_completion_size $error("size of completion"); end
  function automatic logic [511:0] f_completion_serial(input logic unused);
    pl_abi_pkg::pl_completion_t v;
    v = '0;
    v.serial = {32{1'b1}};
    f_completion_serial = v | {512{unused & 1'b0}};
  endfunction
  if (f_completion_serial(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 0))) begin : g_completion_serial $error("offset of completion.serial"); end
  function automatic logic [511:0] f_completion_status(input logic unused);
    pl_abi_pkg::pl_completion_t v;
    v = '0;
    v.status = {32{1'b1}};
    f_completion_status = v | {512{unused & 1'b0}};
  endfunction
  if (f_completion_status(1'b0) != ({512'b0} | (512'({32{1'b1}}) << 32))) begin : g_completion_status $error("offset of completion.status"); end
  function automatic logic [511:0] f_completion_detail(input logic unused);
    pl_abi_pkg::pl_completion_t v;
    v = '0;
    v.detail = {64{1'b1}};
    f_completion_detail = v | {512{unused & 1'b0}};
  endfunction
  if (f_completion_detail(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 64))) begin : g_completion_detail $error("offset of completion.detail"); end
  function automatic logic [511:0] f_completion_verdict_lines(input logic unused);
    pl_abi_pkg::pl_completion_t v;
    v = '0;
    v.verdict_lines = {64{1'b1}};
    f_completion_verdict_lines = v | {512{unused & 1'b0}};
  endfunction
  if (f_completion_verdict_lines(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 128))) begin : g_completion_verdict_lines $error("offset of completion.verdict_lines"); end
  function automatic logic [511:0] f_completion_cycles(input logic unused);
    pl_abi_pkg::pl_completion_t v;
    v = '0;
    v.cycles = {64{1'b1}};
    f_completion_cycles = v | {512{unused & 1'b0}};
  endfunction
  if (f_completion_cycles(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 192))) begin : g_completion_cycles $error("offset of completion.cycles"); end
  function automatic logic [511:0] f_completion_stall_input(input logic unused);
    pl_abi_pkg::pl_completion_t v;
    v = '0;
    v.stall_input = {64{1'b1}};
    f_completion_stall_input = v | {512{unused & 1'b0}};
  endfunction
  if (f_completion_stall_input(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 256))) begin : g_completion_stall_input $error("offset of completion.stall_input"); end
  function automatic logic [511:0] f_completion_stall_output(input logic unused);
    pl_abi_pkg::pl_completion_t v;
    v = '0;
    v.stall_output = {64{1'b1}};
    f_completion_stall_output = v | {512{unused & 1'b0}};
  endfunction
  if (f_completion_stall_output(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 320))) begin : g_completion_stall_output $error("offset of completion.stall_output"); end
  function automatic logic [511:0] f_completion_bytes_read(input logic unused);
    pl_abi_pkg::pl_completion_t v;
    v = '0;
    v.bytes_read = {64{1'b1}};
    f_completion_bytes_read = v | {512{unused & 1'b0}};
  endfunction
  if (f_completion_bytes_read(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 384))) begin : g_completion_bytes_read $error("offset of completion.bytes_read"); end
  function automatic logic [511:0] f_completion_bytes_written(input logic unused);
    pl_abi_pkg::pl_completion_t v;
    v = '0;
    v.bytes_written = {64{1'b1}};
    f_completion_bytes_written = v | {512{unused & 1'b0}};
  endfunction
  if (f_completion_bytes_written(1'b0) != ({512'b0} | (512'({64{1'b1}}) << 448))) begin : g_completion_bytes_written $error("offset of completion.bytes_written"); end
endmodule
`default_nettype wire
