from accounts.choices import countries, currencies


def test_countries_are_in_the_order_of_their_names():
    names = [name for _, name in countries()]

    assert ("GB", "United Kingdom") in countries()
    assert ("CH", "Switzerland") in countries()
    assert names == sorted(names)
    assert not {"EU", "UN", "ZZ"} & {code for code, _ in countries()}


def test_currencies_are_those_in_use():
    codes = [code for code, _ in currencies()]

    assert {"USD", "EUR", "GBP", "CAD", "INR", "CHF", "SGD"} <= set(codes)
    assert not {"DEM", "XAU", "XXX", "XTS"} & set(codes)
    assert codes == sorted(set(codes))
    assert ("USD", "USD, US Dollar") in currencies()
