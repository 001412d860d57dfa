# vivado -mode batch -source constraints/u55c/build.tcl [-tclargs LANES]
# Bridge, synthesis, placement, routing, reports and bitstream in build/u55c. Never run: see README.md.
set here [file normalize [file dirname [info script]]]
set root [file normalize $here/../..]
set out $root/build/u55c
set lanes [expr {$argc > 0 ? [lindex $argv 0] : 8}]
file mkdir $out
create_project -force -part xcu55c-fsvh2892-2L-e plimsoll_u55c $out/project

# AMD's bridge. A name that this version of the IP does not know stops the script here.
create_ip -name xdma -vendor xilinx.com -library ip -module_name pcie_bridge
set_property CONFIG.functional_mode {AXI_Bridge} [get_ips pcie_bridge]
set_property -dict [list \
    CONFIG.mode_selection {Advanced} \
    CONFIG.device_port_type {PCI_Express_Endpoint_device} \
    CONFIG.pl_link_cap_max_link_width {X16} \
    CONFIG.pl_link_cap_max_link_speed {8.0_GT/s} \
    CONFIG.ref_clk_freq {100_MHz} \
    CONFIG.axi_data_width {512_bit} \
    CONFIG.axisten_freq {250} \
    CONFIG.axi_addr_width {64} \
    CONFIG.en_axi_slave_if {true} \
    CONFIG.axibar_num {1} \
    CONFIG.axibar_0 {0x0000000000000000} \
    CONFIG.axibar_highaddr_0 {0xFFFFFFFFFFFFFFFF} \
    CONFIG.axibar2pciebar_0 {0x0000000000000000} \
    CONFIG.c_s_axi_supports_narrow_burst {false} \
    CONFIG.pf0_device_id {504C} \
    CONFIG.pf0_base_class_menu {Processing_accelerators} \
    CONFIG.pf0_bar0_64bit {true} \
    CONFIG.pf0_bar0_scale {Kilobytes} \
    CONFIG.pf0_bar0_size {64} \
    CONFIG.pciebar2axibar_0 {0x0000000000000000} \
    CONFIG.pf0_bar2_enabled {true} \
    CONFIG.pf0_bar2_64bit {true} \
    CONFIG.pf0_bar2_prefetchable {true} \
    CONFIG.pf0_bar2_scale {Kilobytes} \
    CONFIG.pf0_bar2_size {4} \
    CONFIG.pciebar2axibar_2 {0x0000000000100000} \
    CONFIG.pf0_interrupt_pin {NONE} \
    CONFIG.pf0_msi_enabled {false} \
    CONFIG.pf0_msix_enabled {true} \
    CONFIG.pf0_msix_impl_locn {Internal} \
    CONFIG.xdma_num_usr_irq {3} \
] [get_ips pcie_bridge]
generate_target all [get_ips pcie_bridge]
synth_ip [get_ips pcie_bridge]

set packages [concat $root/hw/pkg/pl_abi_pkg.sv $root/hw/pkg/pl_tables_pkg.sv $root/hw/pkg/pl_card_pkg.sv \
    $root/hw/prim/ecc_pkg.sv $root/hw/prim/mul_tiled_pkg.sv $root/hw/prim/money_pkg.sv $root/hw/pricing/pl_pricing_pkg.sv]
read_verilog -sv $packages
foreach room {prim csr tables dma pricing sweep close verdict watch top} {
    foreach file [lsort [glob $root/hw/$room/*.sv]] {
        if {[lsearch -exact $packages $file] < 0} { read_verilog -sv $file }
    }
}
read_verilog -sv [concat [glob $root/constraints/common/*.sv] $here/bar_split.sv $here/u55c_top.sv]
read_xdc $here/u55c.xdc

synth_design -top u55c_top -part xcu55c-fsvh2892-2L-e -generic LANES=$lanes
write_checkpoint -force $out/synth.dcp
report_utilization -hierarchical -file $out/synth_utilization.txt
opt_design
place_design -directive ExtraTimingOpt
phys_opt_design -directive AggressiveExplore
route_design -directive AggressiveExplore
phys_opt_design
write_checkpoint -force $out/routed.dcp
report_utilization -file $out/utilization.txt
report_timing_summary -max_paths 20 -file $out/timing.txt
report_cdc -file $out/cdc.txt
report_drc -file $out/drc.txt
if {[get_property SLACK [get_timing_paths -max_paths 1]] < 0} { puts "TIMING NOT MET: see $out/timing.txt"; exit 1 }
write_bitstream -force $out/plimsoll_u55c.bit
