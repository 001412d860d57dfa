# Lays the files out as the HDK wants a custom logic: tclsh constraints/f2/build.tcl DIRECTORY
# DIRECTORY: $AWS_FPGA_REPO_DIR/hdk/cl/examples/f2_top, made before by the HDK's create_new_cl.py --new_cl_name f2_top.
# Copies the design and writes design list and constraints; the HDK's own scripts build. Never run with the HDK: see README.md.
if {[llength $argv] != 1 || ![file isdirectory [lindex $argv 0]/build/scripts]} {
    puts "usage: tclsh build.tcl DIRECTORY (made by create_new_cl.py --new_cl_name f2_top)"
    exit 2
}
set here [file normalize [file dirname [info script]]]
set root [file normalize $here/../..]
set cl [file normalize [lindex $argv 0]]
set packages [list hw/pkg/pl_abi_pkg.sv hw/pkg/pl_tables_pkg.sv hw/pkg/pl_card_pkg.sv hw/prim/ecc_pkg.sv \
    hw/prim/mul_tiled_pkg.sv hw/prim/money_pkg.sv hw/pricing/pl_pricing_pkg.sv]
set order {}
proc take {file} {
    global cl order
    file copy -force $file $cl/design/[file tail $file]
    lappend order [file tail $file]
}
foreach file $packages { take $root/$file }
foreach room {prim csr tables dma pricing sweep close verdict watch top} {
    foreach file [lsort [glob $root/hw/$room/*.sv]] {
        if {[lsearch -exact $order [file tail $file]] < 0} { take $file }
    }
}
foreach file [lsort [glob $root/constraints/common/*.sv]] { take $file }
take $here/f2_top.sv
file copy -force $here/cl_id_defines.vh $cl/design/cl_id_defines.vh
file copy -force $here/f2_timing.xdc $cl/build/constraints/cl_timing_user.xdc

# Packages first: the template reads its sources in alphabetical order.
set script $cl/build/scripts/synth_f2_top.tcl
set file [open $script]
set text [read $file]
close $file
set old {read_verilog -sv [glob ${src_post_enc_dir}/*.?v]}
set new "foreach source {[join $order { }]} { read_verilog -sv \${src_post_enc_dir}/\$source }"
if {[string first $old $text] < 0} {
    if {[string first $new $text] < 0} { puts "$script: the line that reads the sources is not the expected one"; exit 1 }
} else {
    set text [string map [list $old $new] $text]
    set file [open $script w]
    puts -nonewline $file $text
    close $file
}
puts "[llength $order] sources in $cl/design; now: cd $cl/build/scripts && ./aws_build_dcp_from_cl.py -c f2_top"
