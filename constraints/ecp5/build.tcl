# pnmainc constraints/ecp5/build.tcl LITEPCIE_CORE.v   (Lattice Diamond's Tcl console)
# Project, synthesis (Synplify Pro), map, place and route, bitstream in build/ecp5. Never run: see README.md.
if {[llength $argv] < 1} { puts "usage: pnmainc build.tcl litepcie_core.v"; exit 2 }
set here [file normalize [file dirname [info script]]]
set root [file normalize $here/../..]
set litepcie [file normalize [lindex $argv 0]]
set out $root/build/ecp5
file mkdir $out
cd $out
prj_project new -name plimsoll_ecp5 -impl impl1 -dev LFE5UM5G-45F-8BG381C -synthesis synplify -lpf $here/ecp5.lpf
set packages [list $root/hw/pkg/pl_abi_pkg.sv $root/hw/pkg/pl_tables_pkg.sv $root/hw/pkg/pl_card_pkg.sv $root/hw/prim/ecc_pkg.sv \
    $root/hw/prim/mul_tiled_pkg.sv $root/hw/prim/money_pkg.sv $root/hw/pricing/pl_pricing_pkg.sv]
foreach file $packages { prj_src add $file }
foreach room {prim csr tables dma pricing sweep close verdict watch top} {
    foreach file [lsort [glob $root/hw/$room/*.sv]] {
        if {[lsearch -exact $packages $file] < 0} { prj_src add $file }
    }
}
set wrapper [list $here/window_words.sv $here/host_port.sv $here/ecp5_top.sv]
foreach file [concat [lsort [glob $root/constraints/common/*.sv]] $wrapper $litepcie] {
    prj_src add $file
}
prj_impl option top ecp5_top
prj_run Synthesis -impl impl1
prj_run Map -impl impl1
prj_run PAR -impl impl1
prj_run PAR -impl impl1 -task PARTrace
prj_run Export -impl impl1 -task Bitgen
prj_project save
prj_project close
