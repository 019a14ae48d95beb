"""The phrases that letters use, one letter each: what is read from them, and what is left alone.

Each case is a sentence put into a plain letter, with the facts that a careful reader takes from it;
None is a fact the letter does not state.
"""

from typing import Any

import pytest

from offers.letters import read_letter

LETTER = """Acme Labs, Inc.
1 Main Street, Boston, MA 02110

March 2, 2026

Dear Sam,

We are pleased to offer you the position of ML Engineer at Acme Labs, Inc. in Boston, Massachusetts.

{phrase}

Sincerely,
Pat Smith
"""

CASES: list[tuple[str, dict[str, Any]]] = [
    ("Your annual base salary will be $210,000.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be $210,000.00.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be USD 210,000.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be US$210K.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be 210k.", {"base_salary.annual": 210000}),
    (
        "Your annual base salary will be two hundred ten thousand dollars ($210,000).",
        {"base_salary.annual": 210000},
    ),
    ("Your annual base salary will be $210 000.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be USD 210 000.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be $210,000*.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be $ 210,000.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be $210, 000.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be 210,000 USD.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be $210,000 USD.", {"base_salary.annual": 210000}),
    (
        "Your annual base salary will be two hundred and ten thousand dollars.",
        {"base_salary.annual": 210000},
    ),
    ("Your annual base salary will be $0.21M.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be 210 thousand dollars.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be $210k.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be US $210,000.", {"base_salary.annual": 210000}),
    ("Your annual base salary will be $ 210K.", {"base_salary.annual": 210000}),
    ("Your base salary will be 25000 per year.", {"base_salary.annual": 25000}),
    ("Your annual salary is $150,000.", {"base_salary.annual": 150000}),
    ("Base pay: $150,000 annually.", {"base_salary.annual": 150000}),
    ("Your annualized salary will be $150,000.", {"base_salary.annual": 150000}),
    ("Your gross salary is $150,000 per annum.", {"base_salary.annual": 150000}),
    ("Your wage will be $150,000 a year.", {"base_salary.annual": 150000}),
    ("Rate of pay: $150,000 per year", {"base_salary.annual": 150000}),
    ("Your remuneration: $150,000 p.a.", {"base_salary.annual": 150000}),
    ("You will be paid at the rate of $150,000 per year.", {"base_salary.annual": 150000}),
    ("You will be compensated at $150,000 on an annualized basis.", {"base_salary.annual": 150000}),
    (
        "We will pay you a salary of $12,500 per month, which is $150,000 annualized.",
        {"base_salary.annual": 150000},
    ),
    ("Your salary is $150,000 per year ($12,500 per month).", {"base_salary.annual": 150000}),
    (
        "Your semi-monthly salary will be $6,250.00 ($150,000 annualized).",
        {"base_salary.annual": 150000},
    ),
    ("Your base salary is $150,000, paid semi-monthly.", {"base_salary.annual": 150000}),
    ("Your base salary of $150,000 is paid every other Friday.", {"base_salary.annual": 150000}),
    (
        "Your salary will be $6,250 bi-monthly, equivalent to $150,000 per year.",
        {"base_salary.annual": 150000},
    ),
    ("You will earn a yearly base salary of $150,000.", {"base_salary.annual": 150000}),
    (
        "Your starting salary will be $150,000 and will rise to $165,000 after six months.",
        {"base_salary.annual": 150000},
    ),
    (
        "Your base salary will be $150,000 until the Series B closes, at which point it will increase to $180,000.",
        {"base_salary.annual": 150000},
    ),
    ("Base Compensation: $150,000/year", {"base_salary.annual": 150000}),
    ("Your annual rate of pay is $150,000.", {"base_salary.annual": 150000}),
    ("Salary: $150,000", {"base_salary.annual": 150000}),
    (
        "Your base salary will be $5,769.23 bi-weekly, which equates to $150,000 on an annual basis.",
        {"base_salary.annual": 150000},
    ),
    (
        "In this role you will receive an annual base salary of $150,000 and a target bonus of 10%.",
        {"base_salary.annual": 150000},
    ),
    (
        "Compensation. Base salary at an annual rate of $150,000, less applicable withholdings.",
        {"base_salary.annual": 150000},
    ),
    ("base comp is $150k", {"base_salary.annual": 150000}),
    (
        "Your cash compensation starts with a base of $150,000 per year.",
        {"base_salary.annual": 150000},
    ),
    ("We offer $150,000 base.", {"base_salary.annual": 150000}),
    (
        "Your initial base salary shall be at the rate of $150,000 per annum, payable in accordance with normal payroll practices.",
        {"base_salary.annual": 150000},
    ),
    (
        "Your total base salary will be paid in 26 installments and will amount to $150,000 per year.",
        {"base_salary.annual": 150000},
    ),
    ("Your salary is $12,500 monthly.", {"base_salary.annual": 150000}),
    ("You will be paid $45.50 per hour for 40 hours per week.", {"base_salary.annual": 94640}),
    ("You will be paid $45.50 an hour and work 30 hours a week.", {"base_salary.annual": 70980}),
    (
        "Your monthly salary is $10,000, paid in 13 instalments a year.",
        {"base_salary.annual": 130000},
    ),
    ("Your base salary will be between $140,000 and $160,000.", {"base_salary.annual": None}),
    (
        "You will be eligible for an annual bonus with a target of 15% of base salary.",
        {
            "bonus.target_percent": 15,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Your bonus is targeted at 15% of your base salary.",
        {
            "bonus.target_percent": 15,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Your on-target bonus is 15% of salary.",
        {
            "bonus.target_percent": 15,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "You have an annual bonus opportunity of 15% of base salary.",
        {
            "bonus.target_percent": 15,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Your planned bonus is 15 percent of base.",
        {
            "bonus.target_percent": 15,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "You are eligible to earn up to 20% of your base salary as a performance bonus.",
        {
            "bonus.target_percent": None,
            "bonus.target_amount": None,
            "bonus.max_percent": 20,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Your annual bonus will be between 10% and 20% of base salary.",
        {
            "bonus.target_percent": None,
            "bonus.target_amount": None,
            "bonus.max_percent": 20,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Your annual bonus range is 0% - 75% with a target of 35%.",
        {
            "bonus.target_percent": 35,
            "bonus.target_amount": None,
            "bonus.max_percent": 75,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Your annual bonus for 2026 will be not less than $50,000.",
        {
            "bonus.target_percent": None,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": 50000,
        },
    ),
    (
        "Your first year bonus of $50,000 is guaranteed.",
        {
            "bonus.target_percent": None,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": 50000,
        },
    ),
    (
        "Your target bonus is 20% of base salary, half of which is guaranteed in the first year.",
        {
            "bonus.target_percent": 20,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Your target bonus is 20%; for the first year 50% of target is guaranteed.",
        {
            "bonus.target_percent": 20,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
            "bonus.guaranteed_percent_of_target": 50,
        },
    ),
    (
        "You can earn a quarterly bonus of up to $3,000 per quarter.",
        {
            "bonus.target_percent": None,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": 3000,
            "bonus.guaranteed_amount": None,
            "bonus.paid": "quarterly",
        },
    ),
    (
        "Your annual bonus target is $30,000 and the bonus is uncapped.",
        {
            "bonus.target_percent": None,
            "bonus.target_amount": 30000,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "You will be considered for a discretionary bonus.",
        {
            "bonus.target_percent": None,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
            "bonus.discretionary": True,
        },
    ),
    (
        "We have no bonus plan.",
        {
            "bonus.target_percent": None,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Your bonus target is 12% of base; last year the payout was 108% of target.",
        {
            "bonus.target_percent": 12,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "The target is 15% and the maximum is two times target under the annual incentive plan.",
        {
            "bonus.target_percent": 15,
            "bonus.target_amount": None,
            "bonus.max_percent": 30,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Your target annual incentive is fifteen percent (15%) of base, and may pay out from 0% to 150% of target.",
        {
            "bonus.target_percent": 15,
            "bonus.target_amount": None,
            "bonus.max_percent": 22.5,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Bonus: 10% target",
        {
            "bonus.target_percent": 10,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Target annual bonus of $25,000, based on performance.",
        {
            "bonus.target_percent": None,
            "bonus.target_amount": 25000,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "You are eligible for a bonus of 10% of your annual base salary, based 60% on company results and 40% on individual results.",
        {
            "bonus.target_percent": 10,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "You will be eligible to participate in our bonus plan at 15%.",
        {
            "bonus.target_percent": 15,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "You may earn an annual performance bonus, currently targeted at ten percent (10%) of your base salary, with a maximum of 20%.",
        {
            "bonus.target_percent": 10,
            "bonus.target_amount": None,
            "bonus.max_percent": 20,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "You will receive a signing bonus of $10,000.",
        {
            "bonus.target_percent": None,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "You will be eligible for our employee referral bonus of $5,000.",
        {
            "bonus.target_percent": None,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
        },
    ),
    (
        "Your semi-annual bonus target is 5% of base salary.",
        {
            "bonus.target_percent": 5,
            "bonus.target_amount": None,
            "bonus.max_percent": None,
            "bonus.max_amount": None,
            "bonus.guaranteed_amount": None,
            "bonus.paid": "semiannual",
        },
    ),
    (
        "You will receive a sign-on bonus of $20,000 in your first paycheck.",
        {"sign_on.total": 20000, "sign_on.installments.0.due_month": 0, "sign_on.repayment": None},
    ),
    (
        "We will pay you a $20,000 signing bonus within 30 days of your start date, repayable in full if you resign within 12 months.",
        {
            "sign_on.total": 20000,
            "sign_on.repayment.months": 12,
            "sign_on.repayment.prorated": False,
            "sign_on.repayment.triggers": ["resign"],
        },
    ),
    (
        "A hiring bonus of $20,000 will be paid on the six-month anniversary of your start date.",
        {"sign_on.total": 20000, "sign_on.installments.0.due_month": 6},
    ),
    (
        "Joining bonus: $20,000. If you leave for any reason within 24 months, you will repay a pro rata portion.",
        {
            "sign_on.total": 20000,
            "sign_on.repayment.months": 24,
            "sign_on.repayment.prorated": True,
            "sign_on.repayment.triggers": ["any"],
        },
    ),
    (
        "You will receive a sign-on bonus of $30,000, payable in two equal installments of $15,000, the first in your first paycheck and the second after one year.",
        {"sign_on.total": 30000},
    ),
    ("You will receive a make-whole payment of $30,000.", {"sign_on.total": 30000}),
    (
        "To make good the bonus you forfeit, we will pay a buy-out of $30,000 with your first salary.",
        {"sign_on.total": 30000},
    ),
    (
        "You will receive a sign-on bonus of $48,000, paid monthly over two years.",
        {"sign_on.total": 48000},
    ),
    (
        "You will receive a one-time sign-on bonus in the amount of $25,000, less applicable taxes. If your employment ends within one year because you resign or are terminated for Cause, you must repay the bonus less one-twelfth for each completed month of service.",
        {
            "sign_on.total": 25000,
            "sign_on.repayment.months": 12,
            "sign_on.repayment.prorated": True,
            "sign_on.repayment.triggers": ["resign", "cause"],
        },
    ),
    (
        "Signing bonus of $25,000. Should you resign before December 31, 2027, the gross amount must be repaid in full.",
        {
            "sign_on.total": 25000,
            "sign_on.repayment.until_date": "2027-12-31",
            "sign_on.repayment.months": None,
            "sign_on.repayment.prorated": False,
            "sign_on.repayment.basis": "gross",
        },
    ),
    (
        "You will receive a signing bonus of $25,000, subject to the terms of a separate repayment agreement.",
        {"sign_on.total": 25000, "sign_on.repayment": None},
    ),
    (
        "You will receive a sign-on bonus of $40,000 ($25,000 in your first paycheck and $15,000 on your first anniversary).",
        {"sign_on.total": 40000},
    ),
    (
        "In addition, the Company will pay you a first-year sign-on bonus of $40,000 and a second-year sign-on bonus of $30,000.",
        {"sign_on.total": 70000},
    ),
    ("There is no sign-on bonus.", {"sign_on.total": None}),
    ("We are unable to offer a signing bonus.", {"sign_on.total": None}),
    (
        "You will receive a signing bonus of $15,000 and relocation assistance of up to $10,000. Both must be repaid pro rata if you resign within 12 months.",
        {"sign_on.total": 15000, "sign_on.repayment.months": 12},
    ),
    (
        "Sign-on bonus: $20,000 (12-month clawback, prorated 1/12 per month).",
        {
            "sign_on.total": 20000,
            "sign_on.repayment.months": 12,
            "sign_on.repayment.prorated": True,
        },
    ),
    (
        "You will receive a starting bonus of $10,000. You agree to repay 100% of it if you leave in the first year and 50% if you leave in the second.",
        {"sign_on.total": 10000, "sign_on.repayment.months": 24},
    ),
    (
        "You will receive a relocation bonus of $10,000.",
        {"relocation.amount": 10000, "relocation.kind": "lump_sum"},
    ),
    (
        "You will receive a relocation allowance of $10,000.",
        {"relocation.amount": 10000, "relocation.kind": "allowance"},
    ),
    (
        "A lump sum of $10,000 will be paid for your relocation.",
        {"relocation.amount": 10000, "relocation.kind": "lump_sum"},
    ),
    (
        "We pay a flat rate of $10,000 toward your move.",
        {"relocation.amount": 10000, "relocation.kind": "lump_sum"},
    ),
    (
        "We will reimburse relocation expenses up to $10,000.",
        {"relocation.amount": 10000, "relocation.kind": "reimbursement_cap"},
    ),
    (
        "Relocation will be handled by our vendor under our standard package.",
        {"relocation.amount": None, "relocation.kind": "package_no_amount"},
    ),
    (
        "We provide temporary housing for three months.",
        {"relocation.amount": None, "relocation.kind": "package_no_amount"},
    ),
    (
        "There is no relocation support for this role.",
        {"relocation.amount": None, "relocation.kind": None},
    ),
    (
        "Relocation assistance is not provided.",
        {"relocation.amount": None, "relocation.kind": None},
    ),
    (
        "You are eligible for relocation assistance.",
        {"relocation.amount": None, "relocation.kind": "package_no_amount"},
    ),
    (
        "You will be reimbursed for reasonable moving expenses in an amount not to exceed $12,000. You must repay these amounts if you resign within one year.",
        {
            "relocation.amount": 12000,
            "relocation.kind": "reimbursement_cap",
            "relocation.repayment.months": 12,
        },
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. ",
        {
            "equity.0.type": "OPTION",
            "equity.0.quantity": 50000,
            "equity.0.vesting": None,
            "equity.0.strike_price": None,
            "equity.0.strike_basis": None,
        },
    ),
    ("You will receive 50,000 options.", {"equity.0.type": "OPTION", "equity.0.quantity": 50000}),
    (
        "We will recommend a stock option covering 50,000 shares.",
        {"equity.0.type": "OPTION", "equity.0.quantity": 50000},
    ),
    (
        "You will be granted RSUs with a value of $400,000.",
        {"equity.0.type": "RSU", "equity.0.quantity": None, "equity.0.value.amount": 400000},
    ),
    (
        "You will be granted a number of RSUs determined by dividing $400,000 by the closing price.",
        {"equity.0.type": "RSU", "equity.0.value.amount": 400000},
    ),
    (
        "You will receive 50,000 shares of restricted stock.",
        {"equity.0.type": "RSA", "equity.0.quantity": 50000},
    ),
    (
        "You will be granted an incentive stock option to purchase 50,000 shares.",
        {"equity.0.type": "ISO", "equity.0.quantity": 50000},
    ),
    (
        "You will be granted a non-qualified stock option (NQSO) for 50,000 shares.",
        {"equity.0.type": "NSO", "equity.0.quantity": 50000},
    ),
    (
        "You will be granted a nonstatutory stock option to purchase up to 50,000 shares of our Common Stock.",
        {"equity.0.type": "NSO", "equity.0.quantity": 50000},
    ),
    (
        "You will be granted 50,000 virtual shares.",
        {"equity.0.type": "VSOP", "equity.0.quantity": 50000},
    ),
    (
        "You will be granted 50,000 profits interests.",
        {"equity.0.type": "UNITS", "equity.0.quantity": 50000},
    ),
    (
        "You will be granted 5,000 performance stock units.",
        {"equity.0.type": "PSU", "equity.0.quantity": 5000},
    ),
    (
        "You will receive 1,000 RSUs and an option to purchase 2,000 shares.",
        {"equity.0.type": "RSU", "equity.0.quantity": 1000},
    ),
    (
        "You will receive 1,000 RSUs and an option to purchase 2,000 shares.",
        {"equity.1.type": "OPTION", "equity.1.quantity": 2000},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. This represents approximately 0.25% of the fully diluted capitalization.",
        {"equity.0.percent_of_company": 0.25, "equity.0.percent_basis": "fully_diluted"},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. This is 0.25% of the outstanding shares.",
        {"equity.0.percent_of_company": 0.25, "equity.0.percent_basis": "outstanding"},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. The exercise price is $1.25 per share.",
        {"equity.0.strike_price": 1.25, "equity.0.strike_basis": "stated"},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. The exercise price per share will be equal to the fair market value on the date of grant.",
        {"equity.0.strike_price": None, "equity.0.strike_basis": "fmv_at_grant"},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. The exercise price will be the closing price of our stock on the date of grant.",
        {"equity.0.strike_basis": "closing_price"},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. The strike price will be the greater of par value and fair market value.",
        {"equity.0.strike_basis": "greater_of"},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. 25% vests after one year and 1/48 monthly thereafter.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "monthly",
            "equity.0.vesting.custom": None,
        },
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. The option vests over four years with a one-year cliff.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.custom": None,
        },
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. The option vests over four years with a one-year cliff and monthly vesting thereafter.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "monthly",
        },
    ),
    (
        "You will receive 900 RSUs that vest ratably over three years.",
        {"equity.0.vesting.months": 36},
    ),
    (
        "You will receive 900 RSUs that vest in equal annual installments over three years.",
        {
            "equity.0.vesting.months": 36,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 33.33,
            "equity.0.vesting.frequency": "annual",
        },
    ),
    (
        "You will receive 1,600 RSUs vesting in equal quarterly instalments over four years.",
        {"equity.0.vesting.months": 48, "equity.0.vesting.frequency": "quarterly"},
    ),
    (
        "You will receive 1,600 RSUs. They vest 20% a year for five years.",
        {
            "equity.0.vesting.months": 60,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 20,
            "equity.0.vesting.frequency": "annual",
        },
    ),
    (
        "You will receive 1,600 RSUs. 40% vest after two years, 30% after three, 30% after four.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.custom": [
                {"month": 24, "percent": 40},
                {"month": 36, "percent": 30},
                {"month": 48, "percent": 30},
            ],
        },
    ),
    (
        "You will receive 1,600 RSUs, vesting 10% per half-year.",
        {"equity.0.vesting.months": 60, "equity.0.vesting.frequency": "semiannual"},
    ),
    (
        "You will receive 2,400 restricted share units. 600 units vest on the first anniversary of the grant and 150 units vest at the end of each quarter thereafter.",
        {
            "equity.0.quantity": 2400,
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "quarterly",
            "equity.0.vesting.custom": None,
            "equity.1": None,
        },
    ),
    (
        "You will be granted 4,800 RSUs. 1,200 RSUs will vest on the first anniversary of your start date and 100 RSUs each month thereafter.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "monthly",
            "equity.0.vesting.custom": None,
            "equity.1": None,
        },
    ),
    (
        "You will receive 3,200 RSUs, of which 800 vest on September 1, 2027 and 200 every three months after that.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "quarterly",
            "equity.0.vesting.custom": None,
            "equity.1": None,
        },
    ),
    (
        "You will receive 2,400 RSUs. 700 units vest on the first anniversary of the grant and 150 units vest each quarter thereafter.",
        {
            "equity.0.quantity": 2400,
            "equity.0.vesting": None,
        },
    ),
    (
        "You will receive 1,600 RSUs. They vest over four years: a quarter after your first year, then in equal quarterly tranches.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "quarterly",
            "equity.0.vesting.custom": None,
        },
    ),
    (
        "You will receive 1,600 RSUs, as to 1/16th of the RSUs on each quarterly vesting date following your start date over four years, with no cliff.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 0,
            "equity.0.vesting.frequency": "quarterly",
        },
    ),
    (
        "We will grant you stock options for 0.25% of the company. The options vest over four years with a one-year cliff.",
        {
            "equity.0.type": "OPTION",
            "equity.0.quantity": None,
            "equity.0.percent_of_company": 0.25,
            "equity.0.vesting.months": 48,
        },
    ),
    (
        "Our option pool is 10% of the company in stock options.",
        {
            "equity.0": None,
        },
    ),
    (
        "Your target annual bonus is 15% ($32,175).",
        {
            "bonus.target_percent": 15,
            "bonus.target_amount": 32175,
        },
    ),
    (
        "Your employment will commence on a mutually agreed date in May 2026, but not later than May 19, 2026.",
        {
            "start_date.date": "2026-05-19",
            "start_date.qualifier": "no_later_than",
        },
    ),
    (
        "Signing bonus: $10,000, paid with your first paycheck. If you quit in the first 6 months you would pay it back.",
        {
            "sign_on.total": 10000,
            "sign_on.repayment.months": 6,
        },
    ),
    (
        "We will pay a relocation lump sum of $12,500. Estimated year 1 total: $435,000.",
        {
            "relocation.amount": 12500,
            "relocation.kind": "lump_sum",
        },
    ),
    (
        "We have set aside 15% of the company in stock options for the team.",
        {"equity.0": None},
    ),
    (
        "Employees as a group hold options over 9% of our fully diluted capital.",
        {"equity.0": None},
    ),
    (
        "You may be eligible for stock options for 0.5% of the company after one year.",
        {"equity.0": None},
    ),
    (
        "You will receive 1,200 RSUs, with 400 RSUs vesting on the first anniversary and the rest monthly over the following two years.",
        {"equity.0.quantity": 1200, "equity.1": None},
    ),
    (
        "You will be granted an option for 20,000 shares. 5,000 shares vest after one year and 416 shares every month thereafter.",
        {
            "equity.0.quantity": 20000,
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "monthly",
        },
    ),
    ("You will receive 1,600 RSUs, fully vested at grant.", {"equity.0.vesting.months": 0}),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. The option vests in 48 equal monthly installments from the first month.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 0,
            "equity.0.vesting.frequency": "monthly",
        },
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. The option is subject to the standard plan.",
        {"equity.0.vesting": None},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. Vesting follows our standard schedule.",
        {"equity.0.vesting": None},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. The option vests over 48 months, with 12/48 vesting on the first anniversary and 1/48 each month thereafter.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "monthly",
        },
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. 25% of the shares subject to the option shall vest 12 months after the date your vesting begins, subject to your continuing employment, and no shares shall vest before such date. The remaining shares shall vest monthly over the next 36 months in equal monthly amounts.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "monthly",
        },
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. One-fourth (1/4th) of the shares vest on the one-year anniversary of your start date, and 1/48th of the total number of shares vest monthly thereafter.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "monthly",
        },
    ),
    (
        "You will receive 1,600 RSUs. 1/16th of the RSUs vest each quarter over four years.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.frequency": "quarterly",
            "equity.0.vesting.custom": None,
        },
    ),
    (
        "You will receive 1,600 RSUs. The RSUs vest in sixteen equal quarterly installments.",
        {"equity.0.vesting.months": 48, "equity.0.vesting.frequency": "quarterly"},
    ),
    (
        "You will receive 1,600 RSUs vesting 5% in year one, 15% in year two, 40% in year three and 40% in year four.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.custom": [
                {"month": 12, "percent": 5},
                {"month": 24, "percent": 15},
                {"month": 36, "percent": 40},
                {"month": 48, "percent": 40},
            ],
        },
    ),
    (
        "You will receive 1,200 RSUs. One third vests on each of the first three anniversaries of the grant date.",
        {"equity.0.vesting.months": 36, "equity.0.vesting.frequency": "annual"},
    ),
    (
        "You will receive 1,200 RSUs: 33% after year 1, 33% after year 2 and 34% after year 3.",
        {"equity.0.vesting.months": 36},
    ),
    (
        "You will receive 1,200 RSUs. The RSUs will vest as follows: 25% on March 15, 2027, 25% on March 15, 2028, 25% on March 15, 2029 and 25% on March 15, 2030.",
        {"equity.0.vesting.months": 48, "equity.0.vesting.frequency": "annual"},
    ),
    (
        "You will receive 1,200 RSUs vesting quarterly over three years with no cliff.",
        {
            "equity.0.vesting.months": 36,
            "equity.0.vesting.cliff_months": 0,
            "equity.0.vesting.frequency": "quarterly",
        },
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. You have 90 days after termination to exercise vested options.",
        {"equity.0.exercise_window_months": 3},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. Vested options may be exercised within three months of your departure.",
        {"equity.0.exercise_window_months": 3},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. The post-termination exercise period is ten years.",
        {"equity.0.exercise_window_months": 120},
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. The option may be early exercised.",
        {"equity.0.early_exercise": True},
    ),
    ("You will not receive equity.", {"equity.0.type": None}),
    ("This role is not eligible for stock options or RSUs.", {"equity.0.type": None}),
    ("You will keep the 5,000 RSUs you already hold.", {"equity.0.type": None}),
    (
        "You will receive $300,000 in RSUs, vesting 25% each year over four years.",
        {
            "equity.0.type": "RSU",
            "equity.0.value.amount": 300000,
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "annual",
        },
    ),
    (
        "You will receive an equity grant of 12,500 RSUs.",
        {"equity.0.type": "RSU", "equity.0.quantity": 12500},
    ),
    (
        "You will be granted an equity award with a target value of $250,000 in the form of restricted stock units.",
        {"equity.0.type": "RSU", "equity.0.value.amount": 250000},
    ),
    (
        "Your start date is March 23, 2026.",
        {"start_date.date": "2026-03-23", "start_date.qualifier": "exact"},
    ),
    (
        "Your first day will be 23 March 2026.",
        {"start_date.date": "2026-03-23", "start_date.qualifier": "exact"},
    ),
    (
        "You will start on 3/23/2026.",
        {"start_date.date": "2026-03-23", "start_date.qualifier": "exact"},
    ),
    (
        "You will start on March 23rd.",
        {"start_date.date": "2026-03-23", "start_date.qualifier": "exact"},
    ),
    (
        "Your employment will commence on or about March 23, 2026.",
        {"start_date.date": "2026-03-23", "start_date.qualifier": "on_or_about"},
    ),
    (
        "You will start no later than March 23, 2026.",
        {"start_date.date": "2026-03-23", "start_date.qualifier": "no_later_than"},
    ),
    (
        "Your start date will be on or before March 23, 2026.",
        {"start_date.date": "2026-03-23", "start_date.qualifier": "no_later_than"},
    ),
    (
        "You will start in the second half of May.",
        {"start_date.date": None, "start_date.qualifier": "approximate"},
    ),
    (
        "Your start date is to be agreed.",
        {"start_date.date": None, "start_date.qualifier": "to_be_agreed"},
    ),
    ("Start date: TBD", {"start_date.date": None, "start_date.qualifier": "to_be_agreed"}),
    (
        "You will start upon clearance of your visa.",
        {"start_date.date": None, "start_date.qualifier": "to_be_agreed"},
    ),
    (
        "We look forward to you joining us on March 23, 2026.",
        {"start_date.date": "2026-03-23", "start_date.qualifier": "exact"},
    ),
    (
        'Your employment with the Company will begin on Monday, March 23, 2026 (the "Start Date").',
        {"start_date.date": "2026-03-23", "start_date.qualifier": "exact"},
    ),
    (
        "Your anticipated start date is March 23, 2026.",
        {"start_date.date": "2026-03-23", "start_date.qualifier": "approximate"},
    ),
    (
        "It is expected that you will report for work on March 23, 2026.",
        {"start_date.date": "2026-03-23", "start_date.qualifier": "approximate"},
    ),
    (
        "This offer is valid until March 9, 2026.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "stated_date",
            "response_deadline.time": None,
        },
    ),
    (
        "This offer is open until 5:00 pm on March 9, 2026.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "stated_date",
            "response_deadline.time": "17:00",
        },
    ),
    (
        "This offer expires on March 9, 2026 at 5 p.m.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "stated_date",
            "response_deadline.time": "17:00",
        },
    ),
    (
        "Please return the signed letter by March 9, 2026.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "stated_date",
            "response_deadline.time": None,
        },
    ),
    (
        "The offer lapses at midnight on March 9.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "stated_date",
            "response_deadline.time": "23:59",
        },
    ),
    (
        "Please respond within five business days of the date of this letter.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "relative_to_letter_date",
            "response_deadline.time": None,
        },
    ),
    (
        "This offer is open for one week from the date of this letter.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "relative_to_letter_date",
            "response_deadline.time": None,
        },
    ),
    (
        "Please reply as soon as possible.",
        {
            "response_deadline.date": None,
            "response_deadline.basis": None,
            "response_deadline.time": None,
        },
    ),
    (
        "This offer will remain open for 7 days after you receive it.",
        {
            "response_deadline.date": None,
            "response_deadline.basis": "relative_to_receipt",
            "response_deadline.time": None,
        },
    ),
    (
        "If you accept this offer, please sign and date this letter and return it to me by March 9, 2026.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "stated_date",
            "response_deadline.time": None,
        },
    ),
    (
        "We hope to hear from you by March 9.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "soft_request",
            "response_deadline.time": None,
        },
    ),
    (
        "Unless accepted by March 9, 2026, this offer will be withdrawn.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "stated_date",
            "response_deadline.time": None,
        },
    ),
    (
        "You have until March 9, 2026 to accept this offer.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "stated_date",
            "response_deadline.time": None,
        },
    ),
    (
        "Accepted by: ________ Date: March 4, 2026",
        {
            "response_deadline.date": None,
            "response_deadline.basis": None,
            "response_deadline.time": None,
        },
    ),
    (
        "Your deadline to accept is March 9, 2026.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "stated_date",
            "response_deadline.time": None,
        },
    ),
    (
        "We would like your decision by close of business on Monday, March 9, 2026.",
        {
            "response_deadline.date": "2026-03-09",
            "response_deadline.basis": "stated_date",
            "response_deadline.time": None,
        },
    ),
    (
        "Your compensation package includes a base salary of $165,000 and an annual bonus target of 12%.",
        {"base_salary.annual": 165000, "bonus.target_percent": 12},
    ),
    ("Annual Base Salary (USD): 165,000", {"base_salary.annual": 165000}),
    ("Base salary - $165,000 annualized", {"base_salary.annual": 165000}),
    (
        "You will receive a salary of $165,000 per year, a sign-on bonus of $20,000 and 1,000 RSUs.",
        {"base_salary.annual": 165000, "sign_on.total": 20000, "equity.0.quantity": 1000},
    ),
    ("Salary will be paid at $3,173.08 per week.", {"base_salary.annual": 165000.16}),
    ("Your starting pay is $165,000 per annum.", {"base_salary.annual": 165000}),
    (
        "Your fixed pay will be $165,000 a year with a variable target of $35,000.",
        {"base_salary.annual": 165000, "bonus.target_amount": 35000},
    ),
    ("We will pay you $165,000 a year.", {"base_salary.annual": 165000}),
    ("You will be paid an annualized rate of $165,000.", {"base_salary.annual": 165000}),
    (
        "Your annual base salary: USD $165,000.00 (One Hundred Sixty-Five Thousand Dollars).",
        {"base_salary.annual": 165000},
    ),
    (
        "Base salary is $150,000 during probation and $165,000 afterwards.",
        {"base_salary.annual": 150000},
    ),
    (
        "Your annual discretionary bonus target is 20% of your base salary (maximum 30%).",
        {"bonus.target_percent": 20, "bonus.max_percent": 30, "bonus.discretionary": True},
    ),
    (
        "Annual bonus: 15% at target, up to 25% for outstanding performance.",
        {"bonus.target_percent": 15, "bonus.max_percent": 25},
    ),
    (
        "You will participate in the annual bonus plan with a target bonus opportunity equal to 15% of your base salary, prorated for 2026.",
        {"bonus.target_percent": 15},
    ),
    ("Your bonus for the first year is guaranteed at $40,000.", {"bonus.guaranteed_amount": 40000}),
    (
        "We guarantee a minimum bonus of $40,000 for your first year.",
        {"bonus.guaranteed_amount": 40000},
    ),
    (
        "Your bonus opportunity is 0-30% of base with a 15% target.",
        {"bonus.target_percent": 15, "bonus.max_percent": 30},
    ),
    ("You will be eligible for a year-end bonus of up to $25,000.", {"bonus.max_amount": 25000}),
    (
        "As a sign-on incentive, you will receive $20,000 with your first paycheck.",
        {"sign_on.total": 20000},
    ),
    (
        "You will receive a cash sign-on award of $20,000 payable in the first pay cycle after you join.",
        {"sign_on.total": 20000, "sign_on.installments.0.due_month": 0},
    ),
    (
        "A signing bonus in the amount of twenty thousand dollars ($20,000) shall be paid on the first payroll date following your start date.",
        {"sign_on.total": 20000, "sign_on.installments.0.due_month": 0},
    ),
    (
        "We will pay a one-time bonus of $20,000 when you join, and another $10,000 after your first year.",
        {"sign_on.total": 30000},
    ),
    ("Sign-on bonus: $20,000 (50% at start, 50% after 12 months).", {"sign_on.total": 20000}),
    (
        "You will receive $20,000 as a sign-on bonus; the bonus is earned ratably over 24 months and the unearned part is repayable if you resign.",
        {
            "sign_on.total": 20000,
            "sign_on.repayment.months": 24,
            "sign_on.repayment.prorated": True,
        },
    ),
    (
        "You will receive a sign-on bonus of $20,000. If you resign or are terminated for cause within the first year you will repay it on a net basis, pro-rated monthly.",
        {
            "sign_on.repayment.months": 12,
            "sign_on.repayment.prorated": True,
            "sign_on.repayment.basis": "net",
        },
    ),
    (
        "Your signing bonus is $20,000. It must be repaid if you leave before 1 March 2028.",
        {"sign_on.repayment.until_date": "2028-03-01"},
    ),
    (
        "We will cover up to $8,000 of your moving costs.",
        {"relocation.amount": 8000, "relocation.kind": "reimbursement_cap"},
    ),
    (
        "To assist with your relocation to Boston, you will receive $8,000.",
        {"relocation.amount": 8000, "relocation.kind": "lump_sum"},
    ),
    (
        "Relocation: $8,000, repaid pro rata over 12 months if you resign.",
        {
            "relocation.amount": 8000,
            "relocation.repayment.months": 12,
            "relocation.repayment.prorated": True,
        },
    ),
    ("You will receive a stipend of $8,000 for relocation.", {"relocation.amount": 8000}),
    (
        "The Company will provide a relocation package managed by our partner.",
        {"relocation.kind": "package_no_amount", "relocation.amount": None},
    ),
    (
        "Management will recommend a grant of 12,000 ISOs with a strike price of $2.15.",
        {"equity.0.type": "ISO", "equity.0.quantity": 12000, "equity.0.strike_price": 2.15},
    ),
    (
        "You will be granted options for 0.5% of the Company on a fully diluted basis (40,000 options).",
        {"equity.0.quantity": 40000, "equity.0.percent_of_company": 0.5},
    ),
    (
        "You will be granted a restricted stock unit award covering 2,400 shares.",
        {"equity.0.type": "RSU", "equity.0.quantity": 2400},
    ),
    (
        "We will grant you an award of restricted stock units (RSUs) valued at approximately $250,000.",
        {"equity.0.type": "RSU", "equity.0.value.amount": 250000},
    ),
    (
        "Equity: $250,000 in RSUs that vest 25% annually.",
        {"equity.0.value.amount": 250000, "equity.0.vesting.months": 48},
    ),
    (
        "You will receive 2,400 RSUs which vest 1/3 per year over three years.",
        {"equity.0.vesting.months": 36, "equity.0.vesting.frequency": "annual"},
    ),
    (
        "You will receive 2,400 RSUs. The award vests in full on the third anniversary of the grant.",
        {"equity.0.vesting.months": 36},
    ),
    (
        "You will receive 2,400 RSUs. Vesting: 25% on the first anniversary, then 1/36 of the remainder monthly.",
        {"equity.0.vesting.months": 48, "equity.0.vesting.cliff_percent": 25},
    ),
    (
        "You will receive 2,400 RSUs, vesting over 4 years (1-year cliff, then quarterly).",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.frequency": "quarterly",
        },
    ),
    (
        "You will receive an option for 10,000 shares. Twenty-five percent shall vest on the first anniversary of the vesting commencement date, and the remaining seventy-five percent shall vest in equal monthly installments over the thirty-six months thereafter.",
        {
            "equity.0.vesting.months": 48,
            "equity.0.vesting.cliff_months": 12,
            "equity.0.vesting.cliff_percent": 25,
            "equity.0.vesting.frequency": "monthly",
            "equity.0.vesting.custom": None,
        },
    ),
    (
        "You will receive an option for 10,000 shares vesting at the rate of 1/60 per month over five years.",
        {"equity.0.vesting.months": 60, "equity.0.vesting.frequency": "monthly"},
    ),
    (
        "You will receive 2,400 RSUs. 20% vests after 12 months, 20% after 24 months and 60% after 36 months.",
        {"equity.0.vesting.months": 36},
    ),
    (
        "Your employment start date shall be April 6, 2026, unless otherwise agreed.",
        {"start_date.date": "2026-04-06"},
    ),
    ("Please plan to report on April 6, 2026 at 9:00 a.m.", {"start_date.date": "2026-04-06"}),
    (
        "Your tentative start date is the 6th of April 2026.",
        {"start_date.date": "2026-04-06", "start_date.qualifier": "approximate"},
    ),
    ("Start: 6 April 2026", {"start_date.date": "2026-04-06"}),
    (
        "You would join us on or around April 6, 2026.",
        {"start_date.date": "2026-04-06", "start_date.qualifier": "on_or_about"},
    ),
    ("This position begins April 6, 2026.", {"start_date.date": "2026-04-06"}),
    (
        "Effective April 6, 2026, you will be employed as described here.",
        {"start_date.date": "2026-04-06"},
    ),
    ("This offer is good until March 13, 2026.", {"response_deadline.date": "2026-03-13"}),
    (
        "Please sign and return this letter on or before March 13, 2026.",
        {"response_deadline.date": "2026-03-13"},
    ),
    (
        "We need your answer by 12 p.m. on Friday, March 13.",
        {"response_deadline.date": "2026-03-13", "response_deadline.time": "12:00"},
    ),
    (
        "The offer will expire at 5 p.m. Pacific on 3/13/2026 if we have not received your signed acceptance.",
        {"response_deadline.date": "2026-03-13", "response_deadline.time": "17:00"},
    ),
    (
        "This offer shall remain open until the close of business on March 13, 2026, at which time it will terminate.",
        {"response_deadline.date": "2026-03-13"},
    ),
    (
        "To indicate your acceptance, please sign below and return to me no later than March 13, 2026.",
        {"response_deadline.date": "2026-03-13"},
    ),
    (
        "You have ten days from the date of this letter to accept.",
        {"response_deadline.date": "2026-03-12"},
    ),
    (
        "By March 13, 2026, please confirm your acceptance.",
        {"response_deadline.date": "2026-03-13"},
    ),
    (
        "Your offer is conditional on acceptance by March 13, 2026.",
        {"response_deadline.date": "2026-03-13"},
    ),
]

ACCELERATIONS: list[tuple[str, list[tuple[Any, ...]] | None]] = [
    (
        "You will be granted an option to purchase 50,000 shares of common stock. If the company is acquired, all unvested options vest immediately.",
        [("single", 100, None, None)],
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. If you are terminated without Cause within 12 months after a Change in Control, 100% of the unvested shares vest.",
        [("double", 100, None, 12)],
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. Upon a change of control, 50% of the unvested shares will accelerate.",
        [("single", 50, None, None)],
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. In the event of a Change of Control and your involuntary termination within 18 months thereafter, you will receive 12 additional months of vesting.",
        [("double", None, 12, 18)],
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. There is no acceleration on a change of control.",
        None,
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. On a change in control, 25% of the unvested shares vest, and if you are terminated without cause within one year after it, the remainder vests in full.",
        [("single", 25, None, None), ("double", 100, None, 12)],
    ),
    (
        "You will be granted an option to purchase 50,000 shares of common stock. Double-trigger acceleration of 100% applies if you are terminated without cause within 12 months following an acquisition.",
        [("double", 100, None, 12)],
    ),
]

BENEFITS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "The company matches dollar for dollar on the first 4% of your 401(k) contributions.",
        "retirement_match",
        {"max_percent_of_pay": 4},
    ),
    (
        "We match 50% of the first 6% of pay you contribute to the 401(k).",
        "retirement_match",
        {"max_percent_of_pay": 3},
    ),
    ("401(k): $0.50 on the dollar on the first 6%.", "retirement_match", {"max_percent_of_pay": 3}),
    (
        "401(k): we match the first 3% in full and half of the next 2%.",
        "retirement_match",
        {"max_percent_of_pay": 4},
    ),
    ("We contribute 5% of salary to your 401(k).", "retirement_match", {"employer_percent": 5}),
    ("Pension: employer 8%, employee 4%.", "pension", {"employer_percent": 8}),
    ("We contribute 8% of salary to your pension.", "pension", {"employer_percent": 8}),
    ("You will receive 20 days of PTO.", "pto", {"days": 20}),
    ("You are entitled to four weeks of vacation.", "pto", {"days": 20}),
    ("You accrue 6.15 hours of vacation per bi-weekly pay period.", "pto", {"days": 19.99}),
    ("You will have unlimited PTO.", "pto", {"unlimited": True}),
    ("We offer flexible time off.", "pto", {"unlimited": True}),
    (
        "You will get a $2,000 annual learning stipend.",
        "learning_budget",
        {"amount": 2000, "period": "year"},
    ),
    (
        "We reimburse up to $100 per month for your phone and internet.",
        "phone_internet",
        {"amount": 100, "period": "month"},
    ),
    (
        "You will get a one-time $1,500 home office stipend.",
        "home_office",
        {"amount": 1500, "period": "one_time"},
    ),
    (
        "You will receive a commuter benefit of $200 per month.",
        "commuter",
        {"amount": 200, "period": "month"},
    ),
    ("There is a wellness stipend of $50 a month.", "wellness", {"amount": 50, "period": "month"}),
    ("You receive 16 weeks of paid parental leave.", "parental_leave", {"weeks": 16}),
    ("We will cover tuition up to $5,250 per year.", "tuition", {"amount": 5250, "period": "year"}),
]


def _fields(phrase: str) -> dict[str, Any]:
    return dict(read_letter(LETTER.format(phrase=phrase)).fields)


def _at(fields: Any, path: str) -> Any:
    for key in path.split("."):
        if fields is None:
            return None
        if isinstance(fields, list):
            fields = fields[int(key)] if int(key) < len(fields) else None
        else:
            fields = fields.get(key)
    return fields


@pytest.mark.parametrize(("phrase", "facts"), CASES, ids=[phrase[:60] for phrase, _ in CASES])
def test_phrase_is_read(phrase: str, facts: dict[str, Any]) -> None:
    fields = _fields(phrase)

    assert {path: _at(fields, path) for path in facts} == facts


@pytest.mark.parametrize(("phrase", "triggers"), ACCELERATIONS)
def test_acceleration_is_read(phrase: str, triggers: list[tuple[Any, ...]] | None) -> None:
    found = _at(_fields(phrase), "equity.0.acceleration")

    names = ("trigger", "percent", "months_credit", "window_months")
    assert (found and [tuple(entry.get(name) for name in names) for entry in found]) == triggers


@pytest.mark.parametrize(("phrase", "kind", "facts"), BENEFITS)
def test_benefit_is_read_and_no_other(phrase: str, kind: str, facts: dict[str, Any]) -> None:
    found = _fields(phrase)["benefits"]

    assert [benefit["kind"] for benefit in found] == [kind]
    assert {name: found[0].get(name) for name in facts} == facts


# Money and numbers that the offer form has no place for.
TRAPS = [
    "If you are terminated without cause you will receive six months of severance, or $75,000.",
    "The Company will lend you $50,000 toward a house, repayable over five years.",
    "Life insurance equal to three times your annual salary is provided.",
    "We raised a $40 million Series B at a $200 million valuation, and revenue passed $12 million last year.",
    "On a sale of the company you will receive a success fee of $100,000.",
    "You will continue to hold the 4,000 RSUs granted to you in 2024.",
    "Your unvested awards of $90,000 at your previous employer will be forfeited.",
    "Meals while travelling are reimbursed up to $75 per day.",
    "Overtime is paid at $95.00 per hour.",
    "Our referral program pays $3,000 for each hire.",
    "Call me at (415) 555-0199 or +44 20 7946 0018 with questions.",
    "This offer is governed by our 2019 Equity Incentive Plan and Sections 409A, 280G and 83(b) of the Code.",
    "Our company registration number is 12345678.",
    "The Company has 12,000,000 shares outstanding and 1,500,000 in the option pool.",
    "You may be asked to sign a separate non-competition agreement for 12 months.",
    "Your probation period is 3 months and the notice period is 30 days.",
    "Our 500 employees ship to 2,000,000 users in 30 countries.",
    "The company bonus paid 120% of target last year.",
    "Expense reports above $500 need approval.",
    "You must repay tuition if you leave within two years.",
    "You will be subject to a background check, which must be completed by March 20, 2026.",
    "The plan year for benefits begins on January 1, 2027 and enrollment ends March 31, 2026.",
    "Retention bonuses of up to $20,000 may be paid at the Company's discretion in later years.",
    "Equity refresh grants are typically worth $50,000 a year.",
    "Employees at your level may receive stock awards in future years.",
    "You are not eligible for the sales commission plan, which pays 5% of bookings.",
    "The average total compensation of our engineers is $320,000.",
    "We will withhold 22% of supplemental wages for tax.",
    "Signed on March 3, 2026 by Pat Smith.",
    "A one-time patent award of $2,000 is paid for each filing.",
    "If you invent something, bonuses of $500 apply.",
    "The market range for this role is $140,000 to $190,000.",
    "Sick leave: 10 days. Public holidays: 11 days. Volunteer days: 3 days.",
    "Jury duty leave is 10 days. Bereavement leave is five days.",
    "Your salary will be reviewed in January 2027.",
    "We will sponsor your H-1B visa and pay up to $8,000 in legal fees.",
    "Your manager, Dana, VP of Product, started on June 1, 2019.",
    "Travel may take up to 20% of your time.",
    "The 30% ruling may apply to you.",
    "Damages are limited to $10,000.",
    "You can contribute up to $23,500 to your 401(k) in 2026. There is no match.",
    "The gym in our building costs $30 a month.",
    "An earlier draft mentioned a salary of $140,000; it no longer applies.",
    "Interest accrues at 5% per year.",
    "We work 40 hours a week.",
    "If you decline, the sign-on bonus of other candidates may rise.",
    "Commissions: none. Car: none. Bonus: none.",
    "Any dispute will be arbitrated within 60 days of receipt of notice.",
    "Please return the signed confidentiality agreement within five days of receipt.",
    "The offer letter must be countersigned by our CFO.",
    "Your total target cash is $172,500.",
    "Your total compensation in year one is approximately $410,000.",
    "Based on the current share price of $52.10, 1,000 RSUs would be worth $52,100.",
    "For example, if the company is worth $1 billion, 1,000 options at a $2 strike would gain $8,000.",
    "For illustration, 10,000 options would be worth $90,000 at our last round price.",
]


@pytest.mark.parametrize("phrase", TRAPS)
def test_trap_fills_nothing(phrase: str) -> None:
    with_salary = f"Your base salary is $150,000 per year.\n\n{phrase}"

    fields = _fields(with_salary)

    filled = {key for key, value in fields.items() if value not in (None, [])}
    assert filled == {"company", "title", "location", "base_salary"}
    assert fields["base_salary"]["annual"] == 150_000
    assert fields["title"] == "ML Engineer"
