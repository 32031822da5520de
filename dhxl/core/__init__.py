"""Calculations on plain numbers: no files, no clock, no spreadsheet.

=============  ==========================================================================================
heat networks  network, cold_networks; sections, network_sections and network_figures: section by section
pipes          pipe_data, pipes, twin_pipes, multipoles, ground; water, hydraulics, pipe_sizes, pumps
demand         demand, slp, consumers, years
plants         plant; dispatch, a package
money          finance, rates, dated_flows, vdi2067, loans, funding
environment    emissions, heat_mix
for all        checks, roots
=============  ==========================================================================================
"""
